"""What tests of merges share."""

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import CustomerCommon

#: What a merge and its undo add.
ADDED = ("customer_merge", "customer_merge_undo")
#: Only what was there before counts: the message that says so, notes for jobs.
GROWING = ("customer_changed", "mail_message", "timeline_change")


class MergeCommon(CustomerCommon):
    """Two customers who are one, each with what a customer has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "customer-manager",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
        )
        cls.merges = cls.env["customer.merge"].with_user(cls.manager)
        cls.survivor = cls._customer("Bệnh viện Bạch Mai", is_company=True)
        cls.source = cls._customer(
            "BV Bach Mai", is_company=True, phone="024 3869 3731", ref="BM"
        )

    @classmethod
    def _furnish(cls, customer):
        """Give a customer something of everything."""
        env = cls.env
        contact = cls._customer("Contact", parent_id=customer.id)
        product = env["product.product"].create({"name": "Bed", "list_price": 10})
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        env["crm.lead"].create({"name": "Beds", "partner_id": contact.id})
        env["crm.lead"].create({"name": "Chairs", "partner_id": customer.id})
        customer.message_post(body="Called")
        customer.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        customer.message_subscribe(cls.manager.partner_id.ids)
        env["ir.attachment"].create(
            {
                "name": "a",
                "raw": b"a",
                "res_model": "res.partner",
                "res_id": customer.id,
            }
        )
        env["res.partner.bank"].create(
            {"acc_number": f"970{customer.id}", "partner_id": customer.id}
        )
        customer.category_id = env["res.partner.category"].create({"name": "Big"})
        env["ir.model.data"].create(
            {
                "name": f"customer_{customer.id}",
                "module": "__test__",
                "model": "res.partner",
                "res_id": customer.id,
            }
        )
        env.flush_all()
        return contact, order

    @classmethod
    def _open_books(cls):
        """Work in a company that has books; return its journal of sales."""
        cls.company = cls.env["res.company"].create({"name": "Merging Ltd"})
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.company, install_demo=False
        )
        (cls.env.user | cls.manager).company_ids += cls.company
        cls.env.user.group_ids += cls.env.ref("account.group_account_user")
        cls.env.user.company_id = cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        return cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _invoice(cls, journal, partner=None, move_type="out_invoice"):
        """Return a draft invoice of a customer, or of the source."""
        return cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.source).id,
                "journal_id": journal.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create({"name": "Bed", "quantity": 1, "price_unit": 100})
                ],
            }
        )

    def _merge(self, *sources, survivor=None, **values):
        partners = self.env["res.partner"].union(*(sources or [self.source]))
        return self.merges._merge(
            partners.with_user(self.manager),
            (survivor or self.survivor).with_user(self.manager),
            **values,
        )

    def _sums(self, newest=()):
        """Return a checksum of each table.

        :param dict newest: ids after which rows do not count, by table
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname FROM pg_class
                 WHERE relkind = 'r'
                   AND relnamespace = current_schema::regnamespace
              ORDER BY relname
                """
            )
        )
        sums = {}
        for (table,) in rows:
            if table in ADDED:
                continue
            where = SQL("TRUE")
            if table in newest:
                where = SQL("id <= %s", newest[table])
            ((sums[table],),) = self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) "
                    "FROM %s t WHERE %s",
                    SQL.identifier(table),
                    where,
                )
            )
        return sums

    def _get_newest(self):
        """Return the newest id of tables that grow."""
        newest = {}
        for table in GROWING:
            self.env.cr.execute("SELECT to_regclass(%s)", (table,))
            if self.env.cr.fetchone()[0]:
                self.env.cr.execute(
                    SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
                )
                (newest[table],) = self.env.cr.fetchone()
        return newest
