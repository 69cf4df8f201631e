"""The company whose database is updated: people, goods, and who does what."""

from datetime import datetime, time, timedelta

from odoo import Command

USER = "base.group_user"
BUYER = "purchase.group_purchase_user"

PEOPLE = {
    "buyer": (BUYER,),
    "junior": (BUYER,),
    "manager": ("purchase.group_purchase_manager",),
    "director": (BUYER, "account.group_account_invoice"),
    "deputy": (BUYER,),
    "quality": (USER,),
    "safety": (USER,),
    "lawyer": (USER,),
    "mailed": (USER,),
    "leaver": (BUYER,),
    "ruler": (USER, "approval_matrix.group_approval_manager"),
    "keeper": (BUYER, "spend_budget.group_budget_manager"),
    "owner": (USER,),
    "cashier": ("account.group_account_user",),
    "care": ("sales_team.group_sale_salesman_all_leads",),
    "seller": ("sales_team.group_sale_salesman",),
    "chief": ("sales_team.group_sale_manager",),
    "storekeeper": ("stock.group_stock_user",),
    "customer": ("base.group_portal",),
}

#: Who is whose manager; the heads of departments are among them.
MANAGERS = {
    "buyer": "manager",
    "junior": "manager",
    "manager": "director",
    "deputy": "director",
    "leaver": "manager",
}


class Office:
    """Acts as its people, and keeps what it made under names that tests look for."""

    def __init__(self, env):
        self.root = env(context={"mail_notify_force_send": False})
        self.users = {}
        self.vendors = {}
        self.kept = {}
        self.now = datetime.now().replace(microsecond=0)

    def furnish(self):
        self._settle_in()
        self._hire(PEOPLE, self.company | self.branch)
        self._employ()
        self._stock_up()

    def furnish_small(self):
        """What requests for documents of the smallest kind need."""
        self.company = self.root.company
        people = dict.fromkeys(("buyer", "manager", "director"), (USER,))
        self._hire(people, self.company)

    # ------------------------------------------------------------
    # ACTING
    # ------------------------------------------------------------

    def env(self, login=None):
        """Return the environment of somebody; of the system, if nobody is named."""
        return self.root(user=self.users[login]) if login else self.root

    def commit(self):
        """Save, as it is done at the end of what somebody does."""
        self.root.flush_all()
        self.root.cr.commit()

    def keep(self, name, record):
        """Remember a record under a name, for the tests."""
        known = self.kept.setdefault(record._name, {})
        assert name not in known, f"{record._name}: {name} is there already"
        known[name] = record.ensure_one().id
        self.commit()
        return record

    def act(self, login, record, method, *args):
        """Do something as somebody, and save it."""
        result = getattr(record.with_user(self.users[login]), method)(*args)
        self.commit()
        return result

    def write(self, login, record, **values):
        record.with_user(self.users[login]).write(values)
        self.commit()

    def press(self, login, model, button, **values):
        """Fill in a dialog as somebody, and press its button."""
        getattr(self.env(login)[model].create(values), button)()
        self.commit()

    def day(self, days, hour=9):
        """Return a time of a day, that many days from today."""
        day = self.now.date() + timedelta(days=days)
        return datetime.combine(day, time(hour))

    # ------------------------------------------------------------
    # FURNITURE
    # ------------------------------------------------------------

    def _settle_in(self):
        """The company itself: books, another currency, a branch, another language."""
        env = self.root
        self.company = env.company
        env["account.chart.template"].try_loading("generic_coa", self.company)
        self.euro = env.ref("base.EUR")
        self.euro.active = True
        rate = {"name": self.day(-500).date(), "rate": 0.8}
        rate |= {"currency_id": self.euro.id, "company_id": self.company.id}
        env["res.currency.rate"].create(rate)
        self.branch = env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        env["stock.warehouse"].create(
            {"name": "Branch", "code": "BR", "company_id": self.branch.id}
        )
        # its terms are not there yet: the update brings those of our addons
        env["res.lang"]._activate_lang("vi_VN")
        self.commit()

    def _hire(self, people, companies):
        users = self.root["res.users"].with_context(no_reset_password=True)
        for login, groups in people.items():
            by_mail = login in ("mailed", "customer")
            values = {
                "name": login.capitalize(),
                "login": login,
                "email": f"{login}@old.example",
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set([self.root.ref(g).id for g in groups])],
                "notification_type": "email" if by_mail else "inbox",
            }
            self.users[login] = users.create(values).id
        self.users["admin"] = self.root.ref("base.user_admin").id
        self.commit()

    def _employ(self):
        """Say who belongs where, and who is whose manager."""
        self.lawyers = self.root["res.groups"].create(
            {"name": "Lawyers", "user_ids": [Command.set([self.users["lawyer"]])]}
        )
        department = self.root["hr.department"].create({"name": "Purchasing"})
        self.department = department
        self.employees = {
            login: self.root["hr.employee"].create(
                {
                    "name": login.capitalize(),
                    "user_id": self.users[login],
                    "department_id": department.id,
                }
            )
            for login in {*MANAGERS, *MANAGERS.values()}
        }
        for login, manager in MANAGERS.items():
            self.employees[login].parent_id = self.employees[manager]
        department.manager_id = self.employees["director"]
        self.other_department = self.root["hr.department"].create({"name": "Research"})

    def _stock_up(self):
        env = self.root
        self.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.category = env["product.category"].create({"name": "Beds"})
        self.vendor = self.vendors["usual"] = self.partner("Vendor")
        self.client = self.partner("Hospital", user_id=self.users["seller"])
        self.bed = self.product("Bed")
        self.service = self.product(
            "Advice", type="service", is_storable=False, purchase_method="purchase"
        )
        plan, other = env["account.analytic.plan"].create(
            [{"name": "Projects"}, {"name": "Activities"}]
        )
        of_plans = {"Ward": plan, "Clinic": plan, "Training": other}
        self.ward, self.clinic, self.training = env["account.analytic.account"].create(
            [{"name": name, "plan_id": each.id} for name, each in of_plans.items()]
        )
        self.dozen = env.ref("uom.product_uom_dozen")
        self.term = env.ref("account.account_payment_term_30days")
        self.commit()

    def partner(self, name, **values):
        return self.root["res.partner"].create({"name": name, **values})

    def product(self, name, **values):
        return self.root["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "categ_id": self.category.id,
                "supplier_taxes_id": [Command.clear()],
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def order(
        self, name, price=5000.0, login="buyer", lines=None, vendor="usual", **values
    ):
        """Make a request for quotation, and keep it.

        :param list lines: values of its lines; one bed at that price, if left out
        :param str vendor: of ``vendors``
        """
        bed = {"product_id": self.bed.id, "product_qty": 1}
        lines = [
            line if line.get("display_type") else bed | line
            for line in lines or [{"price_unit": price}]
        ]
        order = self.env(login)["purchase.order"].create(
            {
                "partner_id": self.vendors[vendor].id,
                "date_planned": self.day(20),
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )
        return self.keep(name, order)

    def submitted(self, name, *args, **values):
        order = self.order(name, *args, **values)
        order.button_confirm()
        self.commit()
        return order

    def approved(self, name, *args, by=("manager",), **values):
        order = self.submitted(name, *args, **values)
        for login in by:
            self.act(login, order, "action_approve")
        assert order.state == "purchase", (name, order.state)
        return order

    def receive(self, order, quantity=None):
        """Receive an order, or a part of it, which leaves a backorder."""
        picking = order.sudo().picking_ids.filtered(lambda p: p.state == "assigned")
        if quantity is not None:
            picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.commit()
        return picking

    def bill(self, order, quantity=None, post=True):
        """Bill what can be billed of an order, or a part of it."""
        order = order.sudo().with_env(self.root)
        known = order.invoice_ids
        order.action_create_invoice()
        order.invalidate_recordset(["invoice_ids"])
        bill = order.invoice_ids - known
        bill.invoice_date = self.now.date()
        if quantity is not None:
            line = bill.invoice_line_ids.filtered("product_id")
            bill.write(
                {"invoice_line_ids": [Command.update(line.id, {"quantity": quantity})]}
            )
        if post:
            bill.action_post()
        self.commit()
        return bill
