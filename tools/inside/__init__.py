"""Scripts that run under the prepared Python, where Odoo can be imported.

Each is called as ``python -m tools.inside.<name> <conf> <database> [argument …]``.
"""
