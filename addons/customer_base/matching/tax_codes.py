"""Tax codes: of companies, their branches and citizens in Vietnam, and of others."""

import re
from dataclasses import dataclass

from stdnum.vn import mst

COMPANY, BRANCH, CITIZEN, OTHER = "company", "branch", "citizen", "other"


@dataclass(frozen=True)
class TaxCode:
    """A code without what stands between its figures.

    :param str root: what a company shares with its branches
    :param str branch: the three figures of a branch, if it is one
    :param bool is_wrong: whether its check digit says that somebody mistyped
    """

    kind: str
    root: str
    branch: str = ""
    is_wrong: bool = False

    @property
    def text(self):
        """As it is written: a dash before the branch."""
        return f"{self.root}-{self.branch}" if self.branch else self.root


def read_tax_code(text):
    """Return what a field of a tax code says.

    Ten figures are a company, thirteen a branch of it, twelve a citizen's number, which
    has been the tax code of people and households since 2025 and has no check digit.

    :param str text: as somebody typed it, also with a country before it
    :return: nothing for an empty field, or one that only says that there is none
    :rtype: TaxCode
    """
    plain = re.sub(r"[^0-9A-Z]", "", (text or "").upper())
    digits = plain.removeprefix("VN").removeprefix("MST")
    if not re.search(r"\d", plain):
        return None
    if not digits.isdigit() or len(digits) not in (10, 12, 13):
        return TaxCode(OTHER, plain)
    if len(digits) == 12:
        return TaxCode(CITIZEN, digits)
    root, branch = digits[:10], digits[10:]
    if len(digits) == 10:
        return TaxCode(COMPANY, root, is_wrong=not mst.is_valid(root))
    # the check digit is that of the company; 000 is no branch, and is warned of as well
    is_wrong = branch == "000" or not mst.is_valid(root)
    return TaxCode(BRANCH, root, branch, is_wrong)


def tidy_tax_code(text, country="VN"):
    """Return a Vietnamese tax code as it is written, and any other as it came.

    :param str text: as somebody typed it
    :param str country: two letters: figures mean something else elsewhere
    """
    code = read_tax_code(text) if country == "VN" else None
    return code.text if code and code.kind != OTHER else text
