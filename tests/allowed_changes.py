"""What an update from 19.0.1.0.0 may change, each with the reason.

``test_update`` finds every other difference.
"""

import re

#: Columns that are gone, and what says the same now.
GONE_COLUMNS = {
    "approval_process.is_latest": "documents have approval_process_id instead",
    "account_payment.deposit_origin_id": "deposit_id says it, by many payments",
    "account_payment.deposit_refund_id": "deposit_id says it, as money that came",
    **{
        f"{table}.approval_editor_id": "approval_editor_ids has all of them"
        for table in ("purchase_order", "supplier_deposit", "test_approval_document")
    },
}
#: Columns that are called otherwise now: readers see a field of the old name.
RENAMED_COLUMNS = {"approval_process.about": "about_kept"}
#: What rules of deposits ask for, now all in their condition.
IN_THE_CONDITION = {
    "partner_ids": "deposit_rule_res_partner_rel",
    "partner_tag_ids": "deposit_rule_res_partner_category_rel",
    "product_category_ids": "deposit_rule_product_category_rel",
    "urgency_level_ids": "deposit_rule_urgency_level_rel",
}
#: What became of a table or column, by what is said of it.
CHANGES = {
    **{
        (table, "the table is gone"): "the condition of the rule says it"
        for table in IN_THE_CONDITION.values()
    },
    "deposit_rule.domain": "says what the fields of the rule said",
    "deposit_claim": "was the table of a dialog, and has claims now",
    **{
        f"deposit_claim.{name}": "likewise"
        for name in (
            "amount",
            "create_date",
            "create_uid",
            "deposit_id",
            "write_date",
            "write_uid",
        )
    },
    "purchase_order_line.write_date": "purchase_requisition comes, and adds a price",
    "purchase_order_line.write_uid": "likewise",
    "res_company.write_date": "says whether advances keep their rate",
    "spend_budget.write_date": "says that entries are still to be counted",
    "spend_budget.write_uid": "likewise",
}
#: External ids that are gone with them.
GONE_IDS = {
    *(f"supplier_deposit.field_deposit_rule__{name}" for name in IN_THE_CONDITION),
    "approval_matrix.field_approval_process__is_latest",
    "approval_matrix.constraint_approval_process_one_latest_per_document",
    "approval_matrix.field_approval_mixin__approval_editor_id",
    "supplier_deposit.field_supplier_deposit__approval_editor_id",
    # many payments, claims and states in their new words
    "supplier_deposit.constraint_supplier_deposit_payment_once",
    "supplier_deposit.deposit_claim_rule_own",
    "supplier_deposit.deposit_claim_view_form",
    "supplier_deposit.field_account_payment__deposit_ids",
    "supplier_deposit.field_account_payment__deposit_origin_id",
    "supplier_deposit.field_account_payment__deposit_refund_id",
    "supplier_deposit.field_deposit_claim__amount_awaited",
    "supplier_deposit.field_deposit_claim__amount_free",
    "supplier_deposit.field_deposit_claim__amount_open",
    "supplier_deposit.field_deposit_claim__partner_id",
    "supplier_deposit.field_supplier_deposit__amount_applied",
    "supplier_deposit.field_supplier_deposit__is_claimed",
    "supplier_deposit.field_supplier_deposit__milestone_name",
    "supplier_deposit.field_supplier_deposit__part",
    "supplier_deposit.field_supplier_deposit__payment_id",
    "supplier_deposit.field_supplier_deposit__refund_payment_ids",
    "supplier_deposit.selection__supplier_deposit__state__applied",
    "supplier_deposit.selection__supplier_deposit__state__refund_awaited",
    "supplier_deposit.selection__supplier_deposit__state__refunded",
    # made anew with the addon of deposit bills
    "supplier_deposit.constraint_supplier_deposit_bill_once",
    "test_approval_matrix.field_test_approval_document__approval_editor_id",
    "urgent_orders.field_purchase_order__approval_editor_id",
}
#: What forms had each for itself, and the card of the request shows for all now.
ON_THE_CARD = {
    "button action_approve",
    "button action_open_answer",
    "button action_open_forward",
    "button action_open_question",
    "button action_open_rejection",
    "button action_withdraw",
    "field approval_can_answer",
    "field approval_can_decide",
    "field approval_can_withdraw",
    "field approval_process_id",
    "field approval_state",
}
#: The same for requests beyond the quota of urgency, in their widget.
IN_THE_WIDGET = {
    "button action_grant_urgency",
    "button action_open_urgency_refusal",
    "button action_withdraw_urgency_request",
    "field urgency_asked_level_id",
    "field urgency_asked_user_id",
}
#: What screens of deposits call otherwise now.
RENAMED = {
    "button action_make_due",  # action_open_submission: says first who is asked
    "field amount_applied",  # amount_deducted
    "field milestone_name",  # title
    "field payment_id",  # payment_ids
    "filter by_age",  # ages are filters: nothing stores them
}
#: What states of deposits are now: posted payments count at once, and amounts say what
#: became of the money.
DEPOSIT_STATES = {
    ("applied", "paid"),
    ("due", "paid"),
    ("refund_awaited", "paid"),
    ("refunded", "done"),
    ("Deducted", "Done"),
    ("Due", "Paid"),
    ("Partly Deducted", "Paid"),
    ("Refund Awaited", "Paid"),
    ("Refunded", "Done"),
}
DEPOSIT_STATE = re.compile(
    r"/(?:supplier\.deposit,\d+/state|purchase\.order,\d+/deposit_state):"
    r" '(.*)' became '(.*)'"
)
#: Fields that only say what is shown: Odoo adds them to the views itself.
FOR_MODIFIERS = {"field customer_urgency_state", "field is_urgent"}
#: Odoo had them in the form once more, hidden, for users whom it shows to nobody now.
HIDDEN_TWICE = {
    "field approval_changes_html",
    "field needed_by",
    "field urgency_source_id",
}
#: Rights that those who may do all of it get with new addons.
BROUGHT_GROUPS = ("Merge Customers",)
#: Odoo's own bookkeeping, made anew at each update; nobody refers to it.
BOOKKEEPING = {"ir.model.inherit"}

#: What only whoever installs an addon gets, and no update brings.
AT_INSTALLATION = {("approval_matrix.approval_setup_todo", "ir.actions.todo")}
#: The text of an e-mail that nobody has changed: it is the new one.
TEXTS = ("mail_template.body_html", "mail_template.write_date")
#: Fields of Odoo's addons which the tests' database has, and this one does not.
OF_OTHER_ADDONS = "message_has_sms_error"
