"""Reading tables that people made: plain Python, no database.

Row numbers are those the person sees in the spreadsheet: the head is row 1.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MOST_ROWS = 5_000
MOST_COLUMNS = 50
MOST_BYTES = 5_000_000


class Unreadable(Exception):
    """The file is no table; ``reason`` is one of size, rows, format, empty."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def read(content: bytes, name: str = "") -> tuple[list[str], list[tuple[int, list]]]:
    """Return the head, and each row that is not empty with its number.

    :param content: of a ``.xlsx`` or ``.csv`` file, told apart by what it holds
    :raises Unreadable: for anything else
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("size")
    rows = _read_xlsx(content) if content[:2] == b"PK" else _read_csv(content)
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable("rows")
    filled = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if any(cell not in (None, "") for cell in row)
    ]
    if len(filled) < 2:
        raise Unreadable("empty")
    (_number, head), *rest = filled
    return [str(cell or "").strip() for cell in head], rest


def _read_xlsx(content: bytes) -> list[list]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > 20 * MOST_BYTES:
                raise Unreadable("size")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(
            max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
        )
        return [list(row) for row in rows]
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever the file makes it
        raise Unreadable("format") from error


def _read_csv(content: bytes) -> list[list]:
    try:
        text = content.decode("utf-8-sig")
        if "\0" in text:
            raise Unreadable("format")
        head = text.splitlines()[:1]
        separator = max(",;\t", key=(head or [""])[0].count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [[cell.strip() for cell in row[:MOST_COLUMNS]] for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("format") from error


def to_number(cell, point: str = ".", thousands: str = ",") -> float:
    """Return the number in a cell, as people of a language write it.

    :param point: what comes before the decimals
    :param thousands: what stands between groups of digits
    :raises ValueError: for anything else
    """
    if isinstance(cell, bool) or cell is None:
        raise ValueError("not a number")
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
    else:
        text = str(cell).strip().replace("\u00a0", "").replace(" ", "")
        if thousands:
            whole, mark, decimals = text.partition(point)
            groups = whole.split(thousands)
            if any(len(group) != 3 for group in groups[1:]) or thousands in decimals:
                raise ValueError("not a number")
            text = "".join(groups) + mark + decimals
        try:
            number = Decimal(text.replace(point, "."))
        except InvalidOperation as error:
            raise ValueError("not a number") from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError("not a number")
    return float(number)


def to_date(cell, pattern: str = "%Y-%m-%d") -> date:
    """Return the day in a cell: one of the spreadsheet's, or as people write it.

    :param pattern: how people of a language write days; 2026-12-31 always is one
    :raises ValueError: for anything else
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell or "").strip()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return datetime.strptime(text, pattern).date()


def to_text(cell) -> str:
    """Return the text in a cell; a code such as 6421, which spreadsheets keep as a
    number, without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
