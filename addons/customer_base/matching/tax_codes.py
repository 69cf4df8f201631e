"""Tax codes: of companies, their branches and citizens in Vietnam, and of others."""

import re
from dataclasses import dataclass

from stdnum.vn import mst

COMPANY, BRANCH, CITIZEN, OTHER = "company", "branch", "citizen", "other"
COUNTRY = "VN"
#: Who writes it means the company.
NO_BRANCH = "000"
#: With fewer figures it is a note, or says that there is none. Abroad there are others.
FEWEST_DIGITS, FEWEST_ABROAD = 8, 5
#: Rows of figures that somebody types who has no code.
_NO_CODE = re.compile(r"(\d)\1+|0?12345678(?:9(?:0(?:12?3?)?)?)?")


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
    def is_checked(self):
        """Whether a check digit vouches for it."""
        return self.kind in (COMPANY, BRANCH) and not self.is_wrong

    @property
    def text(self):
        """As it is written: a dash before the branch."""
        return f"{self.root}-{self.branch}" if self.branch else self.root


def read_tax_code(text, country=COUNTRY):
    """Return what a field of a tax code says.

    Ten figures are a company, thirteen a branch of it, twelve a citizen's number, which
    has been the tax code of people and households since 2025 and has no check digit.
    Abroad figures mean something else.

    :param str text: as somebody typed it, also with a country before it
    :param str country: two letters
    :return: nothing for an empty field, or one that only says that there is none
    :rtype: TaxCode
    """
    plain = re.sub(r"[^0-9A-Z]", "", (text or "").upper())
    digits = re.sub(r"\D", "", plain)
    if country != COUNTRY and not plain.startswith(COUNTRY):
        return _read_abroad(plain, digits, country)
    if len(digits) < FEWEST_DIGITS or _NO_CODE.fullmatch(digits):
        return None
    digits = plain.removeprefix("VN").removeprefix("MST")
    if not digits.isdigit() or len(digits) not in (10, 12, 13):
        return TaxCode(OTHER, plain)
    if len(digits) == 12:
        return TaxCode(CITIZEN, digits)
    root, branch = digits[:10], digits[10:]
    if len(digits) == 10:
        return TaxCode(COMPANY, root, is_wrong=not mst.is_valid(root))
    # the check digit is that of the company; 000 is no branch, and is warned of as well
    is_wrong = branch == NO_BRANCH or not mst.is_valid(root)
    return TaxCode(BRANCH, root, branch, is_wrong)


def _read_abroad(plain, digits, country):
    if len(digits) < FEWEST_ABROAD or _NO_CODE.fullmatch(digits):
        return None
    # with and without the country before it
    return TaxCode(OTHER, f"{country}{plain.removeprefix(country)}")


def tidy_tax_code(text, country="VN"):
    """Return a Vietnamese tax code as it is written, and any other as it came.

    :param str text: as somebody typed it
    :param str country: two letters: figures mean something else elsewhere
    """
    code = read_tax_code(text) if country == "VN" else None
    return code.text if code and code.kind != OTHER else text
