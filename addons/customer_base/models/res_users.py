from odoo import models, tools
from odoo.tools import SQL

from .own_customers import EVERYBODY, SEE_UNOWNED, UNOWNED, is_on


class ResUsers(models.Model):
    """Salespeople, and whom they lead."""

    _inherit = "res.users"

    def _has_own_customers_only(self):
        """Return whether the user is a salesperson who sees own documents only, and
        that is so for customers. All others keep what they see: managers, accountants,
        buyers, the warehouse."""
        self.ensure_one()
        return (
            is_on(self.env)
            and self.has_group("sales_team.group_sale_salesman")
            and not self.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def _get_led_user_ids(self):
        """Return the users whose customers this one sees and hands on: the members of
        the sales teams that they lead. Other hierarchies add theirs.

        :rtype: set[int]
        """
        self.ensure_one()
        return {*self._read_led()} - {self.id, None}

    def _is_customer_leader(self):
        """Return whether this user leads a sales team. Other hierarchies add theirs."""
        return bool(self._read_led())

    def _read_led(self):
        """Return who is in the sales teams that this user leads, with nobody for a team
        that is empty.

        :rtype: frozenset[int | None]
        """
        self.ensure_one()
        leading = self.env["customer.leading"]
        return leading._recall(self, "_find_led", "_find_led_once")

    @tools.ormcache("self.id")
    def _find_led_once(self):
        return self._find_led()

    def _find_led(self):
        self.env["crm.team"].flush_model(["user_id", "active"])
        members = self.env["crm.team.member"]
        members.flush_model(["crm_team_id", "user_id", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member.user_id
                  FROM crm_team team
             LEFT JOIN crm_team_member member
                    ON member.crm_team_id = team.id AND member.active
                 WHERE team.user_id = %s AND team.active
                """,
                self.id,
            )
        )
        return frozenset(member for (member,) in rows)

    def _get_customer_readers(self):
        """Return whose rows in the table of access count for this user.

        :rtype: set[int]
        """
        self.ensure_one()
        led = self._get_led_user_ids()
        readers = {EVERYBODY, self.id} | led
        parameters = self.env["ir.config_parameter"].sudo()
        # leaders give away what nobody owns
        if led or parameters.get_param(SEE_UNOWNED) or self._is_customer_leader():
            return readers | {UNOWNED}
        return readers
