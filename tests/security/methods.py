"""What must happen when a role calls one of our methods on a stranger's record.

A call is refused unless the table says otherwise. Methods of a mixin are listed once,
under its name; a model that overrides one may have an entry of its own. ``create``,
``write`` and ``unlink`` of our own models are in the table of ``access``.
"""

from psycopg2 import DataError

from .calls import (
    CLUMSY_VALUES,
    Method,
    approver,
    moved_line,
    new_approved_order,
    new_bill,
    new_bill_line,
    new_lead,
    new_line,
    new_order,
    new_payment,
    somebody,
)
from .roles import BILLERS, BUYERS, EVERYBODY, INTERNAL, ORDER_WRITERS

#: One record only: ``ensure_one`` says so to programmers, no button gets there.
ONE_RECORD = (ValueError,)

#: Whom Odoo lets change transfers.
MOVERS = ORDER_WRITERS | {"sales"}

OPENS = Method(answers=INTERNAL)
OPENS_THEIRS = Method(answers={"approvals"})

#: Addresses outside the remote interfaces, and who may ask there. What they must
#: refuse is tested where they are made.
ROUTES = {
    # the link of an e-mail: only its signature counts (test_approval_matrix)
    ("/approval/<int:task_id>/<token>", "public"),
    # the form of a customer: only the order's token counts (urgent_orders)
    ("/my/orders/<int:order_id>/urgency", "public"),
}

METHODS = {
    "account.move": {
        "action_view_deposits": Method(answers=BILLERS, clumsy=ONE_RECORD),
        "button_draft": Method(may={"accountant"}),
        "button_cancel": Method(may={"accountant"}),
        "create": Method(calls=((new_bill,),), may=BILLERS, clumsy=CLUMSY_VALUES),
        "unlink": Method(may=BILLERS),
        "write": Method(
            calls=(({"ref": "Changed"},), ({"state": "posted"},)),
            may=BILLERS,
            clumsy=CLUMSY_VALUES,
        ),
    },
    "account.move.line": {
        "create": Method(calls=((new_bill_line,),), may=BILLERS, clumsy=CLUMSY_VALUES),
        "unlink": Method(may=BILLERS),
        "write": Method(
            calls=(({"name": "Changed"},), ({"quantity": 2.0},)),
            may=BILLERS,
            clumsy=CLUMSY_VALUES,
        ),
    },
    "approval.decision": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "approval.mixin": {
        "action_answer": Method(calls=((), ("because",))),
        "action_approve": Method(calls=((), ("fine",))),
        "action_ask_information": Method(calls=((), ("why?",))),
        "action_forward": Method(
            calls=((somebody, "please"), (approver, "please"), (somebody,))
        ),
        "action_open_answer": OPENS,
        "action_open_approval": OPENS,
        "action_open_forward": OPENS,
        "action_open_question": OPENS,
        "action_open_rejection": OPENS,
        "action_reject": Method(calls=((), ("no",))),
        "action_submit_approval": Method(),
        "action_withdraw": Method(),
        "get_approval_history": Method(answers=ORDER_WRITERS),
    },
    "approval.process": {
        "action_open_answer": Method(answers=EVERYBODY),
        "action_open_document": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_verify_log": Method(answers={"approvals"}),
    },
    "approval.rule": {
        "action_try": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_view_processes": Method(answers=EVERYBODY, clumsy=ONE_RECORD),
    },
    "approval.task": {
        "action_approve": Method(),
        "action_open_approval": OPENS_THEIRS,
        "action_open_document": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_open_forward": OPENS_THEIRS,
        "action_open_question": OPENS_THEIRS,
        "action_open_rejection": OPENS_THEIRS,
        "get_inbox": Method(answers=EVERYBODY),
    },
    "crm.lead": {
        "create": Method(calls=((new_lead,),), may={"sales"}, clumsy=CLUMSY_VALUES),
        "write": Method(
            calls=(({"urgency_reason": "Changed"},), ({"active": False},)),
            may=(),
            clumsy=CLUMSY_VALUES,
        ),
    },
    "account.partial.reconcile": {
        "unlink": Method(may={"accountant"}),
    },
    "account.payment": {
        "create": Method(
            calls=((new_payment,),), may={"accountant"}, clumsy=CLUMSY_VALUES
        ),
        "write": Method(
            calls=(({"memo": "Changed"},), ({"state": "draft"},)),
            may={"accountant"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "deposit.cancellation": {
        "action_confirm": Method(may=BUYERS, clumsy=ONE_RECORD),
    },
    "deposit.claim": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "deposit.payment": {
        "action_confirm": Method(clumsy=ONE_RECORD),
        "action_print": Method(clumsy=ONE_RECORD),
    },
    "deposit.refund": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "hr.leave": {
        "write": Method(
            calls=(({"state": "validate"},), ({"private_name": "Changed"},)),
            clumsy=CLUMSY_VALUES,
        ),
    },
    "purchase.order": {
        "action_open_urgency": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_cancel_order": Method(may=ORDER_WRITERS),
        "action_create_invoice": Method(
            may=ORDER_WRITERS, clumsy=(*CLUMSY_VALUES, DataError)
        ),
        "action_submit_approval": Method(may=ORDER_WRITERS),
        "action_view_deposits": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "button_approve": Method(calls=((), (True,)), may=ORDER_WRITERS),
        "button_cancel": Method(may=ORDER_WRITERS),
        "button_confirm": Method(may=ORDER_WRITERS),
        "create": Method(
            calls=((new_order,), (new_approved_order,)),
            may=BUYERS,
            clumsy=CLUMSY_VALUES,
        ),
        "unlink": Method(may=BUYERS),
        "write": Method(
            calls=(
                ({"origin": "Changed"},),
                ({"state": "purchase"},),
                ({"state": "to approve"},),
                ({"state": "cancel"},),
                ({"approval_editor_id": False, "approval_revision": 0},),
                ({"budget_posted_state": False, "budget_memo": {}},),
            ),
            may=ORDER_WRITERS,
            clumsy=CLUMSY_VALUES,
        ),
    },
    "purchase.order.line": {
        "create": Method(calls=((new_line,),), may=BUYERS, clumsy=CLUMSY_VALUES),
        "unlink": Method(may=BUYERS),
        "write": Method(
            calls=(({"price_unit": 1.0},), (moved_line,)),
            may=ORDER_WRITERS,
            clumsy=CLUMSY_VALUES,
        ),
    },
    "res.users": {
        "write": Method(
            calls=(({"active": False},), ({"login": "changed"},)),
            may={"settings"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "sale.order": {
        "action_confirm_urgent": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_open_urgency": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_open_wish_acceptance": Method(answers={"accountant"}),
        "action_open_wish_refusal": Method(answers={"accountant"}),
        "action_withdraw_urgency_request": Method(may={"accountant"}),
        "create": Method(calls=((new_order,),), may={"sales"}, clumsy=CLUMSY_VALUES),
        "write": Method(
            calls=(({"urgency_reason": "Changed"},), ({"state": "cancel"},)),
            may={"accountant"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "spend.budget": {
        "action_close": Method(may={"budgets"}),
        "action_open": Method(may={"budgets"}),
        "action_synchronise": Method(may={"budgets"}),
        "action_verify": Method(answers={"budgets"}),
        "action_view_entries": Method(answers=EVERYBODY),
        "action_view_lines": Method(answers=EVERYBODY),
        "copy_data": Method(answers={"budgets"}, clumsy=CLUMSY_VALUES),
    },
    "spend.budget.line": {
        "action_view_entries": Method(answers=EVERYBODY),
    },
    "spend.closing": {
        "action_close": Method(clumsy=ONE_RECORD),
    },
    "spend.entry": {
        "action_open_document": Method(clumsy=ONE_RECORD),
    },
    "spend.import": {
        "action_import": Method(clumsy=ONE_RECORD),
        "action_template": Method(clumsy=ONE_RECORD),
    },
    "spend.transfer.wizard": {
        "action_transfer": Method(),
    },
    "stock.picking": {
        "action_open_urgency": Method(answers=MOVERS, clumsy=ONE_RECORD),
        "create": Method(calls=(({},),), may=MOVERS, clumsy=CLUMSY_VALUES),
        "write": Method(
            calls=(({"urgency_reason": "Changed"},),),
            may=MOVERS,
            clumsy=CLUMSY_VALUES,
        ),
    },
    "supplier.deposit": {
        "action_claim": Method(may=ORDER_WRITERS),
        "action_keep": Method(may=ORDER_WRITERS),
        "action_make_due": Method(may=ORDER_WRITERS),
        "action_open_claim": Method(may=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_pay": Method(may={"accountant"}),
        "action_pay_batch": Method(may={"accountant"}),
        "action_print_payment_order": Method(answers={"accountant"}),
        "action_register_refund": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_submit_approval": Method(may=ORDER_WRITERS),
        "action_view_moves": Method(answers={"accountant"}, clumsy=ONE_RECORD),
    },
    "test.approval.document": {
        "get_approval_history": Method(answers=INTERNAL),  # all may read them
        "action_submit_approval": Method(may=INTERNAL),
    },
    "urgency.answer": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "urgency.case": {
        "action_open_document": Method(answers={"manager"}, clumsy=ONE_RECORD),
    },
    "urgency.change": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "urgency.confirmation": {
        "action_confirm": Method(clumsy=ONE_RECORD),
    },
    "urgency.mixin": {
        "action_grant_urgency": Method(),
        "action_open_urgency": Method(clumsy=ONE_RECORD),
        "action_open_urgency_refusal": Method(),
        "action_refuse_urgency": Method(calls=((), ("no",))),
        "action_withdraw_urgency_request": Method(),
    },
}
