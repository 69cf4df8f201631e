import json

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..merging.places import MODEL, PAIR
from ..merging.watching import read_rows
from .merging import MergeCommon

#: Accounts that differ speak against a merge.
REFUSED = ("property_account_payable_id", "property_account_receivable_id")


@tagged("post_install", "-at_install")
class TestMergeValues(MergeCommon):
    """Values of every kind follow a merge, and are as they were after its undo."""

    def setUp(self):
        super().setUp()
        self.merge = None

    def _begin(self):
        self.newest = self._get_newest()
        self.before = self._sums(self.newest)

    def _merge_all(self):
        self._begin()
        self.merge = self._merge()
        self.env.invalidate_all()

    def _check_undone(self):
        """After the undo every table is as it was."""
        self.merge._undo()
        self.env.invalidate_all()
        after = self._sums(self.newest)
        self.assertEqual(
            {table for table in self.before if self.before[table] != after[table]},
            set(),
        )

    # ------------------------------------------------------------
    # PROPERTIES OF CUSTOMERS
    # ------------------------------------------------------------

    def _define(self, **types):
        """Have customers these properties, as a company adds them in the form."""
        definitions = self.env["properties.base.definition"]
        definition = definitions._get_definition_for_property_field(MODEL, "properties")
        definition.properties_definition = [
            {"name": name, "string": name.title(), "type": kind}
            | ({"comodel": MODEL} if kind.startswith("many2") else {})
            for name, kind in types.items()
        ]

    def test_properties_of_both(self):
        self._define(beds="integer", chain="char")
        self.survivor.properties = {"chain": "Public"}
        self.source.properties = {"beds": 1400, "chain": "State"}
        self._merge_all()
        self.assertEqual(
            dict(self.survivor.properties), {"beds": 1400, "chain": "Public"}
        )
        self._check_undone()
        self.assertEqual(self.survivor.properties["chain"], "Public")
        self.assertFalse(self.survivor.properties["beds"])

    def test_what_nobody_filled_in_is_no_value(self):
        """A form keeps all properties, those that are empty too."""
        self._define(
            beds="integer", chain="char", opened="date", head="many2one", big="boolean"
        )
        filled = {
            "beds": 1400,
            "chain": "State",
            "opened": "1911-01-01",
            "head": self.lan.id,
            "big": True,
        }
        self.survivor.properties = dict.fromkeys(filled, False)
        self.source.properties = filled
        self._merge_all()
        properties = self.survivor.properties
        self.assertEqual(properties["beds"], 1400)
        self.assertEqual(properties["chain"], "State")
        self.assertEqual(str(properties["opened"]), "1911-01-01")
        self.assertEqual(properties["head"], self.lan)
        self.assertTrue(properties["big"])
        self._check_undone()

    def test_properties_that_name_the_merged(self):
        self._define(head="many2one", branches="many2many")
        both = (self.source + self.survivor).ids
        self.lan.properties = {"head": self.source.id, "branches": both}
        self.source.properties = {"head": self.source.id}
        self._merge_all()
        self.assertEqual(self.lan.properties["head"], self.survivor)
        self.assertEqual(self.lan.properties["branches"], self.survivor)
        self.assertEqual(self.survivor.properties["head"], self.survivor)
        self._check_undone()
        self.assertEqual(self.lan.properties["branches"].ids, both)

    def test_a_default_of_properties(self):
        self._define(head="many2one")
        definition = self.survivor.properties_base_definition_id
        definition.properties_definition = [
            {**each, "default": self.source.id}
            for each in definition.properties_definition
        ]
        self._merge_all()
        new = self._customer("New")
        self.assertEqual(new.properties["head"], self.survivor)
        new.unlink()
        self._check_undone()

    # ------------------------------------------------------------
    # DOCUMENTS OF ALL KINDS
    # ------------------------------------------------------------

    def _do_business(self, customer, tag, account):
        """Have a customer do whatever customers do; return all of it."""
        env = self.env
        contact, order = self._furnish(customer)
        customer.category_id += tag
        invoice, other = self._invoice(contact), self._invoice(customer)
        payments = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=other.ids
        )
        payments.create({})._create_payments()
        refunds = env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        refund = refunds.create({"journal_id": invoice.journal_id.id})
        refund.reverse_moves()
        scheduled = env["mail.scheduled.message"].create(
            {
                "model": MODEL,
                "res_id": customer.id,
                "body": "Later",
                "scheduled_date": "2099-01-01",
                "author_id": env.user.partner_id.id,
                "partner_ids": [Command.set(self.both)],
            }
        )
        lead = env["crm.lead"].search([("partner_id", "=", customer.id)], limit=1)
        lead.message_subscribe(self.both)
        model = env["account.analytic.distribution.model"].create(
            {
                "partner_id": customer.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        project = account.copy({"partner_id": customer.id})
        return {
            "partner_id": (order, other, lead, model, project),
            "commercial_partner_id": (contact, invoice, other),
            "res_id": (scheduled,),
        }

    def test_whatever_customers_do_goes_over_and_comes_back(self):
        tag = self.env["res.partner.category"].create({"name": "Shared"})
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        account = self.env["account.analytic.account"].create(
            {"name": "Beds", "plan_id": plan.id}
        )
        self._do_business(self.survivor, tag, account)
        done = self._do_business(self.source, tag, account)
        self._merge_all()
        for name, documents in done.items():
            for document in documents:
                customer = document[name]
                customer = customer if name == "res_id" else customer.id
                self.assertEqual(customer, self.survivor.id, (document, name))
        self.assertEqual(self.survivor.category_id.filtered("name") & tag, tag)
        self._check_undone()

    # ------------------------------------------------------------
    # TEXTS WITH A MODEL AND AN ID
    # ------------------------------------------------------------

    def _automate(self):
        """Return an action that puts the source into opportunities."""
        return self.env["ir.actions.server"].create(
            {
                "name": "For the hospital",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "object_write",
                "update_path": "partner_id",
                "evaluation_type": "value",
                "resource_ref": f"{MODEL},{self.source.id}",
            }
        )

    def test_a_reference(self):
        action = self._automate()
        self.assertEqual(action.value, str(self.source.id))
        self._merge_all()
        self.assertEqual(action.resource_ref, self.survivor)
        self.assertEqual(action.value, str(self.survivor.id))
        self._check_undone()
        self.assertEqual(action.resource_ref, self.source)
        self.assertEqual(action.value, str(self.source.id))

    def test_an_automation_goes_on_with_who_stayed(self):
        action = self._automate()
        self._merge()
        lead = self.env["crm.lead"].create({"name": "Beds"})
        action.with_context(active_model="crm.lead", active_ids=lead.ids).run()
        self.assertEqual(lead.partner_id, self.survivor)

    def test_an_id_beside_its_model(self):
        """Whatever stands beside the name of a model, in each table that has such."""
        places = [
            place
            for place in self.env["customer.merge"]._get_places()
            if place.kind == PAIR
        ]
        self.assertIn("mail_message", {place.table for place in places})
        self._furnish(self.source)
        held = {}
        for place in places:
            held[place] = self._count(place, self.source)
        self.assertGreater(len([count for count in held.values() if count]), 4)
        mine = {place: self._count(place, self.survivor) for place in places}
        self._merge_all()
        for place, count in held.items():
            grown = self._count(place, self.survivor) - mine[place]
            self.assertGreaterEqual(grown, count, place.name)
        self._check_undone()

    def _count(self, place, partner):
        self.env.flush_all()
        query = "SELECT COUNT(*) FROM %s WHERE %s = %s AND %s"
        ((count,),) = self.env.execute_query(
            SQL(
                query,
                SQL.identifier(place.table),
                SQL.identifier(place.column),
                place.value(partner.id),
                place.condition,
            )
        )
        return count

    # ------------------------------------------------------------
    # VALUES BY COMPANY
    # ------------------------------------------------------------

    def _put(self, partner, field, by_company):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s = %s WHERE id = %s",
                SQL.identifier(field.name),
                json.dumps(by_company),
                partner.id,
            )
        )
        self.env.invalidate_all()

    def _get(self, partner, field):
        rows = read_rows(self.env.cr, "res_partner", partner.ids, [field.name])
        return json.loads(rows[partner.id][field.name] or "{}")

    def _get_values(self, field):
        """Return two values that a field may have."""
        if field.relational:
            comodel = self.env[field.comodel_name].with_context(active_test=False)
            ids = comodel.search([], limit=2).ids
            return (ids * 2)[:2] if ids else comodel.create({"name": "1"}).ids * 2
        if field.type == "selection":
            values = field.get_values(self.env)
            return values[0], values[-1]
        return {
            "boolean": (True, True),
            "char": ("one", "two"),
            "float": (1.5, 2.5),
            "integer": (1, 2),
        }[field.type]

    def test_every_value_by_company(self):
        """What a company says of one of them only is said of who stays; of both, who
        stays is as before."""
        mine, other = self.env["res.company"].create([{"name": "A"}, {"name": "B"}]).ids
        fields = [
            field
            for name, field in self.survivor._fields.items()
            if field.company_dependent and field.store and name not in REFUSED
        ]
        self.assertGreater(len(fields), 5)
        for field in fields:
            one, two = self._get_values(field)
            self._put(self.survivor, field, {str(mine): one})
            self._put(self.source, field, {str(mine): two, str(other): two})
        self._merge_all()
        for field in fields:
            one, two = self._get_values(field)
            self.assertEqual(
                self._get(self.survivor, field),
                {str(mine): one, str(other): two},
                field.name,
            )
        self._check_undone()

    def test_customers_by_company(self):
        """A field by company may name a customer: none of Odoo's does today."""
        field = self.env["account.cash.rounding"]._fields["profit_account_id"]
        dependents = self.env.registry.many2one_company_dependents
        named = {name: dependents[name] for name in dependents}
        self.patch(
            self.env.registry,
            "many2one_company_dependents",
            Named({**named, MODEL: (field,)}),
        )
        rounding = self.env["account.cash.rounding"].create({"name": "To a thousand"})
        self.env.flush_all()
        values = {"1": self.source.id, "2": self.lan.id}
        self.env.cr.execute(
            "UPDATE account_cash_rounding SET profit_account_id = %s WHERE id = %s",
            (json.dumps(values), rounding.id),
        )
        self._merge_all()
        self.env.cr.execute(
            "SELECT profit_account_id FROM account_cash_rounding WHERE id = %s",
            (rounding.id,),
        )
        self.assertEqual(
            self.env.cr.fetchone()[0], {"1": self.survivor.id, "2": self.lan.id}
        )
        self._check_undone()

    # ------------------------------------------------------------
    # WHAT ODOO COMPUTES AND STORES
    # ------------------------------------------------------------

    def test_what_odoo_computes_is_what_it_would_compute_anew(self):
        """Of everything that hangs on the two, and on their contacts and orders."""
        for customer in (self.source, self.survivor):
            contact, order = self._furnish(customer)
            self._invoice(contact)
            order.partner_invoice_id = contact
        self._compute_anew()
        self._merge_all()
        merged = self._read_computed()
        self.assertGreater(len(merged), 5)
        self._compute_anew()
        self.assertComputed(self._read_computed(), merged)
        self._undo_computed()

    def _undo_computed(self):
        self.merge._undo()
        undone = self._read_computed()
        self._compute_anew()
        self.assertComputed(self._read_computed(), undone)

    def assertComputed(self, anew, stored):
        self.assertEqual(anew.keys(), stored.keys())
        wrong = {
            (model, row, name)
            for model, rows in anew.items()
            for row, values in rows.items()
            for name, value in values.items()
            if value != stored[model][row][name]
        }
        self.assertEqual(wrong, set())

    def _invoice(self, partner):
        product = self.env["product.product"].create({"name": "Bed"})
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create({"product_id": product.id, "price_unit": 100})
                ],
            }
        )
        move.action_post()
        return move

    def _get_computed(self, model):
        """Return what Odoo computes, stores, and lets nobody write."""
        return [
            field
            for field in model._fields.values()
            if field.store and field.compute and field.readonly and field.column_type
        ]

    def _get_hanging(self):
        """Return what hangs on the two: records of each model, as the system."""
        partners = self.env[MODEL].with_context(active_test=False)
        partners = partners.search([("id", "child_of", self.both)])
        found = {MODEL: partners}
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            if model._name in found or not self._get_computed(model):
                continue
            names = [
                name
                for name, field in model._fields.items()
                if field.type == "many2one"
                and field.comodel_name == MODEL
                and field.store
            ]
            every = model.sudo().with_context(active_test=False)
            records = every.browse()
            for name in names:
                records |= every.search([(name, "in", partners.ids)])
            if records:
                found[model._name] = records
        return found

    @property
    def both(self):
        return (self.source + self.survivor).ids

    def _compute_anew(self):
        for records in self._get_hanging().values():
            for field in self._get_computed(records):
                self.env.add_to_compute(field, records)
        self.env.flush_all()
        self.env.invalidate_all()

    def _read_computed(self):
        self.env.flush_all()
        return {
            name: read_rows(
                self.env.cr,
                records._table,
                records.ids,
                [field.name for field in self._get_computed(records)],
            )
            for name, records in self._get_hanging().items()
        }


class Named(dict):
    """Fields by the model that they name; others name none."""

    def __missing__(self, _key):
        return ()
