from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..answering import FURTHEST


class SupplyRedate(models.TransientModel):
    """New dates for purchases, with what they do to customers shown before they are
    saved."""

    _name = "supply.redate"
    _description = "New Dates for Purchases"

    line_ids = fields.Many2many("purchase.order.line", readonly=True)
    names = fields.Char(string="Purchases", compute="_compute_names")
    how = fields.Selection(
        [("day", "The Same Day for All"), ("shift", "Later by So Many Days")],
        string="New Date",
        required=True,
        default="day",
    )
    new_day = fields.Date(string="Day")
    shift_days = fields.Integer(
        string="Days", help="Below zero: earlier. Each line moves from its own day."
    )
    effect = fields.Html(
        string="What It Does", compute="_compute_effect", sanitize=False
    )

    @api.model
    def _open(self, lines):
        """Show the dialog for purchase lines that the user may change.

        :return: an action
        :rtype: dict
        """
        lines = lines.filtered(lambda line: line._is_to_be_dated())
        if not lines:
            raise UserError(self.env._("Choose purchases that have not come yet."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Dates"),
            "res_model": self._name,
            "res_id": self.create({"line_ids": lines.ids}).id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("line_ids")
    def _compute_names(self):
        for wizard in self:
            wizard.names = ", ".join(
                f"{line.order_id.name} {line.product_id.display_name}"
                for line in wizard.line_ids
            )

    # ------------------------------------------------------------
    # LOOKING AHEAD
    # ------------------------------------------------------------

    @api.depends("how", "new_day", "shift_days")
    @api.depends_context("lang", "uid")
    def _compute_effect(self):
        for wizard in self:
            wizard.effect = False
            dates, wrong = wizard._get_dates()
            if wrong or not dates:
                continue
            wizard.effect = self.env["ir.qweb"]._render(
                "crm_purchase_bridge.redate_effect",
                {
                    "moves": wizard._look_ahead(dates),
                    "day": lambda day: format_date(self.env, day) if day else "?",
                },
            )

    def _get_dates(self):
        """Return the new moment of each line, and what is wrong with the input.

        :return: a dictionary by line, and a sentence or nothing
        """
        self.ensure_one()
        lines = self.line_ids._origin.filtered(lambda line: line._is_to_be_dated())
        if (self.how == "day" and not self.new_day) or (
            self.how == "shift" and not self.shift_days
        ):
            return {}, self.env._("Enter the new day.")
        if abs(self.shift_days) > FURTHEST:
            return {}, self.env._("Dates can be moved by three years at most.")
        dates = {}
        for line in lines:
            if self.how == "day":
                dates[line] = line._convert_to_middle_of_day(self.new_day)
            else:
                planned = line.date_planned or fields.Datetime.now()
                dates[line] = planned + timedelta(days=self.shift_days)
            today = line.company_id._approval_day()
            day = line.company_id._approval_day(dates[line])
            if not today <= day <= today + timedelta(days=FURTHEST):
                wrong = self.env._(
                    "%(purchase)s would come on %(day)s. Choose a day from today on, "
                    "within three years.",
                    purchase=line.order_id.name,
                    day=format_date(self.env, day),
                )
                return {}, wrong
        return dates, None

    def _look_ahead(self, dates):
        """Return whose goods would come on another day.

        :param dict dates: the new moment by purchase line
        :return: dictionaries, the worst first
        :rtype: list
        """
        self.env["purchase.order.line"].browse(
            [line.id for line in dates]
        ).check_access("read")
        promises = self.env["supply.promise"].sudo()
        lines = self.env["purchase.order.line"].sudo().union(*dates)
        concerned = promises._get_concerned(lines.product_id)
        concerned |= lines.supply_link_ids.sale_line_id
        concerned = concerned.filtered(lambda line: line.state == "sale")
        outlook = self.env["supply.outlook"]
        before = outlook._look(concerned)
        with self._pretending(dates):
            after = outlook._look(concerned)
        told = {
            promise.sale_line_id.id: promise
            for promise in promises.search([("sale_line_id", "in", concerned.ids)])
        }
        found = []
        for line in concerned:
            old, new = (looks.get(line.id) for looks in (before, after))
            if not old or not new or old.answer.likely == new.answer.likely:
                continue
            promise = told.get(line.id, promises.browse())
            due, day = promise._get_due() if promise else None, new.answer.likely
            is_later = not day or bool(old.answer.likely and day > old.answer.likely)
            found.append(
                {
                    "order": line.order_id.name,
                    "customer": line.order_id.partner_id.display_name,
                    "product": line.product_id.display_name,
                    "due": due,
                    "is_told": bool(promise and promise.told_on),
                    "before": old.answer.likely,
                    "after": day,
                    "is_later": is_later,
                    "is_broken": bool(due) and (not day or day > due),
                }
            )
        return sorted(
            found,
            key=lambda move: (
                not (move["is_later"] and move["is_broken"]),
                not move["is_later"],
                str(move["due"] or "9999"),
            ),
        )

    @contextmanager
    def _pretending(self, dates):
        """Let the goods come on other days, in this block only.

        Only what the day of arrival is read from is changed, and not through the ORM:
        nothing is told, planned or counted that would not be taken back.
        """
        changed = ("purchase.order.line", "stock.move")
        for model in changed:
            self.env[model].flush_model()
        self.env.cr.execute("SAVEPOINT supply_redate")
        try:
            for line, moment in dates.items():
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE purchase_order_line SET date_planned = %(moment)s
                         WHERE id = %(line)s;
                        UPDATE stock_move SET supply_expected_on = %(moment)s
                         WHERE purchase_line_id = %(line)s
                           AND state NOT IN ('done', 'cancel')
                        """,
                        moment=moment,
                        line=line.id,
                    )
                )
            for model in changed:
                self.env[model].invalidate_model(flush=False)
            yield
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT supply_redate")
            self.env.cr.execute("RELEASE SAVEPOINT supply_redate")
            for model in changed:
                self.env[model].invalidate_model(flush=False)

    # ------------------------------------------------------------
    # SAVING
    # ------------------------------------------------------------

    def action_save(self):
        """Give the purchases their new dates.

        :raises UserError: when a date makes no sense
        """
        self.ensure_one()
        self.check_access("write")
        dates, wrong = self._get_dates()
        if wrong or not dates:
            raise UserError(
                wrong or self.env._("Choose purchases that have not come yet.")
            )
        lines = self.env["purchase.order.line"].union(*dates)
        lines.check_access("write")
        for moment in set(dates.values()):
            lines.filtered(lambda line, moment=moment: dates[line] == moment).write(
                {"date_planned": moment}
            )
        return {"type": "ir.actions.act_window_close"}
