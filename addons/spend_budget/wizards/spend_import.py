import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.spend_budget_line import ACCOUNT_TYPES, CRITERIA, PART
from ..shares import is_exact
from ..spreadsheet import Unreadable, read, to_date, to_number, to_text

#: Columns by the field they fill, and what else they may be called.
COLUMNS = {
    "account_id": ("analytic account", "account"),
    "general_account_id": ("expense account", "general account"),
    "department_id": ("department",),
    "category_id": ("category", "product category"),
    "amount": ("amount",),
    "control": ("control",),
    "tolerance": ("tolerance", "tolerance (%)"),
    "part_from": ("part from",),
    "part_to": ("part to",),
}

#: Refused rows that are listed; more would not be read.
MOST_LISTED = 100


class BadRow(Exception):
    """Why a row cannot be imported, as people read it."""


class SpendImport(models.TransientModel):
    _name = "spend.import"
    _description = "Import Budget Lines"

    budget_id = fields.Many2one("spend.budget", required=True, ondelete="cascade")
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    only_good = fields.Boolean(
        string="Import the good rows",
        help="Leave out the refused rows. Otherwise one bad row stops them all.",
    )
    report = fields.Text(readonly=True)

    @api.constrains("budget_id")
    def _check_writable(self):
        """With the user's own rights: Odoo runs constraints with the system's."""
        self.sudo(False).budget_id.check_access("write")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_import(self):
        """Make a line of each row; tell which rows are refused, and why.

        :raises UserError: when the file is no table, or lacks columns
        """
        self.ensure_one()
        self.budget_id.check_access("write")
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        vals_list, refused = self._read_lines()
        if refused and not self.only_good:
            return self._show_report(0, refused)
        self.env["spend.budget.line"].create(vals_list)
        if refused:
            return self._show_report(len(vals_list), refused)
        return {"type": "ir.actions.act_window_close"}

    def action_template(self):
        """Download an empty table with the columns: for whoever has no file yet."""
        self.ensure_one()
        names = ",".join(
            f'"{self._get_column_names(field_name)[0]}"' for field_name in COLUMNS
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "budget_lines.csv",
                "raw": f"\ufeff{names}\n".encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _show_report(self, imported, refused):
        lines = [
            self.env._("Row %(number)s: %(reason)s", number=number, reason=reason)
            for number, reason in refused[:MOST_LISTED]
        ]
        if len(refused) > MOST_LISTED:
            more = len(refused) - MOST_LISTED
            lines.append(self.env._("… and %(number)s more.", number=more))
        head = self.env._(
            "%(imported)s imported, %(refused)s refused.",
            imported=imported,
            refused=len(refused),
        )
        self.report = "\n".join([head, *lines])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Budget Lines"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def _read_lines(self):
        """Return the values of the lines to make, and the refused rows.

        :return: ``(list of values, list of (row number, reason))``
        """
        head, rows = self._read_file()
        positions = self._get_positions(head)
        finders = {name: self._get_finder(name) for name in CRITERIA}
        seen = {
            self._get_key({name: line[name] for name in (*CRITERIA, *PART)})
            for line in self.budget_id.line_ids
        }
        vals_list, refused = [], []
        for number, row in rows:
            cells = {
                name: row[position] if position < len(row) else None
                for name, position in positions.items()
            }
            try:
                vals = self._get_values(cells, finders)
                key = self._get_key(vals)
                if key in seen:
                    raise BadRow(self.env._("There is such a line already."))
            except BadRow as bad:
                refused.append((number, str(bad)))
                continue
            seen.add(key)
            vals_list.append({**vals, "sequence": number})
        return vals_list, refused

    def _get_key(self, vals):
        """Return what no two lines have in common: what they are for, and when."""
        return (
            *(int(vals.get(name) or 0) for name in CRITERIA),
            vals.get("part_from") or self.budget_id.date_from,
            vals.get("part_to") or self.budget_id.date_to,
        )

    def _read_file(self):
        reasons = {
            "size": self.env._("The file is too big."),
            "rows": self.env._("The file has too many rows."),
            "empty": self.env._("The file has no rows."),
            "format": self.env._(
                "This is no table that can be read: save it as .xlsx, or as .csv in "
                "UTF-8."
            ),
        }
        try:
            return read(base64.b64decode(self.file or b""))
        except Unreadable as unreadable:
            raise UserError(reasons[unreadable.reason]) from None
        except binascii.Error:
            raise UserError(reasons["format"]) from None

    def _get_positions(self, head):
        """Return which column fills which field."""
        names = [name.casefold() for name in head]
        positions = {}
        for field_name in COLUMNS:
            for name in self._get_column_names(field_name):
                if name.casefold() in names:
                    positions.setdefault(field_name, names.index(name.casefold()))
        if positions.get("account_id") == positions.get("general_account_id"):
            positions.pop("general_account_id", None)  # "Account" is either
        if "amount" not in positions or not set(CRITERIA) & set(positions):
            raise UserError(
                self.env._(
                    "The first row must name the columns: amount, and one or more of "
                    "analytic account, account, department and category."
                )
            )
        return positions

    @api.model
    def _get_column_names(self, field_name):
        field = self.env["spend.budget.line"]._fields[field_name]
        label = field._description_string(self.env)
        return [label, field_name, *COLUMNS[field_name]]

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _get_values(self, cells, finders):
        """Return the values of a row.

        :raises BadRow: when something in it cannot be understood
        """
        vals = {"budget_id": self.budget_id.id}
        for name, find in finders.items():
            if not (text := to_text(cells.get(name))):
                continue
            is_either = name == "account_id" and "general_account_id" not in cells
            try:
                vals[name] = find(text)
            except BadRow:
                if not is_either:
                    raise
                try:
                    vals["general_account_id"] = finders["general_account_id"](text)
                except BadRow:
                    find(text)  # says what is wrong with it as an analytic account
        if not any(name in vals for name in CRITERIA):
            raise BadRow(self.env._("It names no account, department or category."))
        vals["amount"] = self._get_number(cells.get("amount"))
        if cells.get("tolerance") not in (None, ""):
            vals["tolerance"] = self._get_number(cells["tolerance"])
            if vals["tolerance"] > 1000:
                raise BadRow(self.env._("The tolerance is too great."))
        limit = vals["amount"] * (1 + vals.get("tolerance", 0.0) / 100)
        if not is_exact(limit, self.budget_id.currency_id.rounding):
            raise BadRow(self.env._("The amount is too large to be counted exactly."))
        if text := str(cells.get("control") or "").strip():
            vals["control"] = self._get_control(text)
        vals |= self._get_part(cells)
        return vals

    def _get_part(self, cells):
        """Return the part of the period that a row is for: nothing for all of it."""
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        part = {}
        for name in PART:
            if cells.get(name) in (None, ""):
                continue
            try:
                part[name] = to_date(cells[name], language.date_format)
            except ValueError:
                raise BadRow(
                    self.env._("“%(cell)s” is not a day.", cell=cells[name])
                ) from None
        budget = self.budget_id
        first = part.get("part_from", budget.date_from)
        last = part.get("part_to", budget.date_to)
        if not budget.date_from <= first <= last <= budget.date_to:
            raise BadRow(
                self.env._("Its part of the period is not within that of the budget.")
            )
        return part

    def _get_number(self, cell):
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        try:
            number = to_number(
                cell, language.decimal_point or ".", language.thousands_sep or ""
            )
        except ValueError:
            raise BadRow(
                self.env._(
                    "“%(cell)s” is not an amount.", cell="" if cell is None else cell
                )
            ) from None
        if number < 0:
            raise BadRow(self.env._("Amounts of budgets are not negative."))
        return number

    def _get_control(self, text):
        field = self.env["spend.budget.line"]._fields["control"]
        for env in (self.env, self.env(context={})):
            for value, label in field._description_selection(env):
                if text.casefold() in (value, label.casefold()):
                    return value
        raise BadRow(self.env._("“%(cell)s” is not a control.", cell=text))

    def _get_finder(self, field_name):
        """Return a function from a name (or code) to the id of the record."""
        field = self.env["spend.budget.line"]._fields[field_name]
        company = self.budget_id.company_id
        Model = self.env[field.comodel_name].sudo().with_company(company)
        domain = Domain.TRUE
        if field_name == "general_account_id":
            domain = Domain(Model._check_company_domain(company)) & Domain(
                "account_type", "in", ACCOUNT_TYPES
            )
        elif "company_id" in Model._fields:
            domain = Domain("company_id", "in", (company.id, False))
        by_name = {}
        for record in Model.search(domain):
            for name in {
                record.name,
                record.display_name,
                "code" in record and record.code,
                "complete_name" in record and record.complete_name,
            }:
                if name:
                    by_name.setdefault(name.strip().casefold(), set()).add(record.id)

        def find(text):
            found = by_name.get(text.casefold(), ())
            if len(found) == 1:
                return next(iter(found))
            names = {"field": field._description_string(self.env), "cell": text}
            if found:
                reason = self.env._(
                    "%(field)s: “%(cell)s” is not unique, give the code or full name.",
                    **names,
                )
            else:
                reason = self.env._(
                    "%(field)s: there is no “%(cell)s” in this company.", **names
                )
            raise BadRow(reason)

        return find
