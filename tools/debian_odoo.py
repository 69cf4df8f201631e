"""Fetch Odoo 19 from Debian without installing it.

The package is in Debian's suite ``sid``. It is taken with apt from the mirror this
machine uses anyway, so apt checks its signature, through a private apt state, so the
machine's own sources stay as they are.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from tools.console import Fail
from tools.shell import run

PACKAGE = "odoo-19"
SUITE = "sid"
LINKED = [  # Debian replaces Odoo's copies of these by links into other packages
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
LINKED_SUITE = "trixie"
"""Odoo's style sheets are for Font Awesome 4.7, which newer suites replaced by 7."""

LEFT_OUT = [  # listed in a manifest's assets, but minified upstream: Debian removes it
    "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def fetch(target: Path, work: Path) -> str:
    """Put the package's ``odoo`` folder into ``target``; return its Debian version."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Fail("this is not a Debian machine")
    packages = _download(work)
    tree = work / "tree"
    for package in packages:
        run(["dpkg-deb", "--extract", package, tree])
    odoo = tree / "usr/lib/python3/dist-packages/odoo"
    _replace_links(odoo, tree)
    for name in LEFT_OUT:
        asset = odoo / "addons" / name
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.touch()
    target.mkdir(parents=True)
    odoo.rename(target / "odoo")
    return run(["dpkg-deb", "--field", packages[0], "Version"]).strip()


def _download(work: Path) -> list[Path]:
    """Download Odoo (first in the result) and the packages it links to."""
    for folder in ("state/lists/partial", "cache/archives/partial", "deb"):
        (work / folder).mkdir(parents=True)
    sources = work / "sid.sources"
    sources.write_text(
        f"Types: deb\nURIs: {_mirror()}\nSuites: {SUITE} {LINKED_SUITE}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
    )
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State": work / "state",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": work / "cache",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "root",  # the cache is not open to apt's own user
    }
    apt_get = ["apt-get", "--quiet"]
    for name, value in options.items():
        apt_get += ["-o", f"{name}={value}"]
    run([*apt_get, "update", "--error-on=any"])
    linked = [f"{package}/{LINKED_SUITE}" for package in LINKED]
    run([*apt_get, "download", f"{PACKAGE}/{SUITE}", *linked], cwd=work / "deb")
    packages = sorted((work / "deb").glob("*.deb"))
    return sorted(packages, key=lambda path: not path.name.startswith(f"{PACKAGE}_"))


def _mirror() -> str:
    """The address this machine takes Debian from."""
    release = shlex.split(Path("/etc/os-release").read_text())
    codename = dict(line.split("=", 1) for line in release)["VERSION_CODENAME"]
    targets = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"])
    for line in targets.splitlines():
        address, _, suite = line.rpartition(" ")
        if suite == codename:
            return address
    if address := _mirror_from_sources(codename):
        return address
    raise Fail("no Debian mirror found in this machine's apt sources")


def _mirror_from_sources(codename: str) -> str | None:
    """Read the sources themselves: apt lists no targets before its first update."""
    for path in sorted(Path("/etc/apt").glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            suites = re.search(r"(?m)^Suites:(.*)$", stanza)
            address = re.search(r"(?m)^URIs:\s*(\S+)", stanza)
            if suites and address and codename in suites[1].split():
                return address[1]
    lists = [Path("/etc/apt/sources.list")]
    lists += sorted(Path("/etc/apt").glob("sources.list.d/*.list"))
    line = re.compile(rf"(?m)^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+{re.escape(codename)}\s")
    for path in lists:
        if path.exists() and (found := line.search(path.read_text())):
            return found[1]
    return None


def _replace_links(odoo: Path, tree: Path) -> None:
    """Replace links by what they point at, so that the folder can stand alone.

    Some of Debian's links swap formats (``x.woff2`` points at ``x.woff``); a file of
    the link's own format is preferred, so that browsers get what the name says.
    """
    for link in [path for path in odoo.rglob("*") if path.is_symlink()]:
        target = Path(link.parent.resolve() / link.readlink())
        if link.readlink().is_absolute():
            target = tree / link.readlink().relative_to("/")
        same_format = target.with_suffix(link.suffix)
        source = same_format if same_format.exists() else target
        link.unlink()
        if not source.exists():
            raise Fail(f"Debian's {PACKAGE} links to {target.name}, which is not there")
        if source.is_dir():
            shutil.copytree(source, link)
        else:
            shutil.copyfile(source, link)
