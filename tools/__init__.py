"""Set-up and everyday commands of this repository: ``python3 -m tools --help``.

Everything outside ``tools.inside`` runs on a bare Python 3.11 before anything is
installed, so it uses the standard library only. ``tools.inside`` holds the few
scripts that run under the prepared Python, where Odoo can be imported.
"""
