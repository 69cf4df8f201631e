from odoo.tools import SQL

from odoo.addons.supply_link.tests.common import SupplyCommon

#: What a rebuild tells as well as what was noted at the time.
TOLD = (
    "res_model",
    "res_id",
    "kind",
    "department",
    "sale_id",
    "lead_id",
    "partner_id",
    "family_id",
    "purchase_id",
    "is_home",
    "is_shown",
)


class TimelineCommon(SupplyCommon):
    """A vendor, a customer, goods that are bought to order; and a job that ran."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.family = cls.customer
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ward 3", "parent_id": cls.customer.id}
        )
        cls._run()

    @classmethod
    def _run(cls, batch=None):
        """Do what the jobs do in the next minutes."""
        cls.env.flush_all()
        while cls.env["supply.change"]._follow_batch():
            cls.env.flush_all()
        while cls.env["timeline.change"]._follow_batch(batch):
            pass
        cls.env.invalidate_all()

    @classmethod
    def _forget(cls):
        """Empty the tables, as when the addon is installed anew."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "ALTER TABLE timeline_event DISABLE TRIGGER USER;"
                "DELETE FROM timeline_event;"
                "ALTER TABLE timeline_event ENABLE TRIGGER USER;"
                "DELETE FROM timeline_span; DELETE FROM timeline_change"
            )
        )
        parameters = cls.env["ir.config_parameter"]
        parameters.search([("key", "=like", "case_timeline.%")]).unlink()
        cls.env.invalidate_all()

    @classmethod
    def _rebuild(cls, batch=None):
        """Tell the past from the documents alone."""
        cls._forget()
        while cls.env["timeline.change"]._fill_batch(
            **({"batch": batch} if batch else {})
        ):
            cls._run()

    def _events(self, domain=(), **values):
        domain = [*domain, *((name, "=", value) for name, value in values.items())]
        return self.env["timeline.event"].search(domain, order="date, id")

    def _kinds(self, *domain, **values):
        return self._events(domain, is_shown=True, **values).mapped("kind")

    def _picture(self):
        """Return all that is told, in no order, to compare it with another one."""
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM timeline_event",
                SQL(", ").join(map(SQL.identifier, TOLD)),
            )
        )
        return sorted(self.env.cr.fetchall(), key=repr)

    def _lead(self, name="Beds", **values):
        return self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "partner_id": self.customer.id}
            | values
        )

    def _verify(self):
        """Return what verification finds wrong."""
        self.env.ref("case_timeline.ir_cron_fill").active = False
        self.env.flush_all()
        verification = self.env["approval.verification"]
        found = []
        for name in ("changes", "events", "spans"):
            check = getattr(verification, f"_check_timeline_{name}")
            for _count, findings in check(None, 100):
                found += [finding.text for finding in findings]
        return found

    def _forge(self, sale, *events):
        """Write events of a case as if they had happened at other times.

        :param events: moment, kind, model, id and purchase of each
        """
        place = {"sale": sale, "lead": None, "partner": self.customer.id}
        rows = [
            {
                "date": str(date),
                "kind": kind,
                "department": "",
                "user_id": None,
                "company": self.env.company.id,
                "res_model": model,
                "res_id": res_id,
                "chain": None,
                "parameters": {},
                "amounts": None,
                **place,
                "purchase": purchase,
                "source": f"forged {sale} {number}",
                "is_home": True,
                "is_shown": True,
            }
            for number, (date, kind, model, res_id, purchase) in enumerate(events)
        ]
        changes = self.env["timeline.change"]
        cases = type("Cases", (), {"add": lambda *_: None, "purchases": set()})()
        changes._insert(rows, cases)
        self.env["timeline.span"]._follow([sale], [])
        return self.env["timeline.span"].search([("sale_id", "=", sale)])
