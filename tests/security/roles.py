"""Whom the tests act as, and the strangers whose records they try to touch."""

USER = "base.group_user"

#: Groups by login. None of them has anything to do with the strangers' records.
ROLES = {
    "public": (),  # Odoo's own public user
    "portal": ("base.group_portal",),
    "employee": (USER,),
    "buyer": (USER, "purchase.group_purchase_user"),
    "manager": (USER, "purchase.group_purchase_manager"),
    "accountant": (USER, "account.group_account_user"),
    "sales": (USER, "sales_team.group_sale_salesman"),
    "approvals": (USER, "approval_matrix.group_approval_manager"),
    "budgets": (USER, "spend_budget.group_budget_manager"),
    "settings": (USER, "base.group_system"),
}

#: People of other departments: each reads another part of a case. They are asked about
#: stories and reports only, as all else treats them like one of the above.
CLERKS = {
    "storekeeper": (USER, "stock.group_stock_user"),
    "salesmanager": (USER, "sales_team.group_sale_manager"),
    "invoicing": (USER, "account.group_account_invoice"),
    "bookkeeper": (USER, "account.group_account_readonly"),
}


def asked_about(model):
    """Return the roles that are tried on a model."""
    is_story = model.startswith(("cx.", "timeline."))
    return [*ROLES, *CLERKS] if is_story else list(ROLES)


EVERYBODY = frozenset(ROLES)
INTERNAL = EVERYBODY - {"public", "portal"}
#: All who work here, where clerks are asked, too.
STAFF = INTERNAL | set(CLERKS)
BUYERS = frozenset({"buyer", "manager"})
ORDER_WRITERS = BUYERS | {"accountant"}
BILLERS = ORDER_WRITERS

#: They bought, approve and sell; their names are looked for where they do not belong.
OWNER = "thuylinh"
APPROVERS = ("quanghuy", "minhchau")
SELLER = "giabao"
STRANGERS = {
    OWNER: (USER, "purchase.group_purchase_user"),
    APPROVERS[0]: (USER, "purchase.group_purchase_user"),
    APPROVERS[1]: (USER, "purchase.group_purchase_manager"),
    SELLER: (USER, "sales_team.group_sale_salesman"),
}
