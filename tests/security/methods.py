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
    new_bill_line,
    new_holiday,
    new_hours,
    new_line,
    new_payment,
    new_time_off,
    of_partner,
    of_values,
    somebody,
    their_order,
)
from .roles import (
    BILLERS,
    BUYERS,
    CLERKS,
    EVERYBODY,
    INTERNAL,
    ORDER_WRITERS,
    STAFF,
)

#: One record only: ``ensure_one`` says so to programmers, no button gets there.
ONE_RECORD = (ValueError,)

DIALOG = Method(clumsy=ONE_RECORD)
ONLY_ACCOUNTANT = Method(may={"accountant"})
ONLY_ORDER_WRITERS = Method(may=ORDER_WRITERS)

#: Whom Odoo lets change transfers.
MOVERS = ORDER_WRITERS | {"sales"}
#: Whom Odoo lets make contacts.
CUSTOMER_MAKERS = MOVERS | {"settings"}

#: A story, and who may read the order that it is of: who delivers it, too.
THEIR_STORY = (("sale.order", their_order),)
STORY_READERS = {"accountant", *CLERKS}

OPENS = Method(answers=INTERNAL)
OPENS_THEIRS = Method(answers={"approvals"})

#: Of an administrator's first hour.
FIRST_RULE = {"model": "purchase.order", "amount": 5}

#: Addresses outside the remote interfaces, and who may ask there. What they must
#: refuse is tested where they are made.
ROUTES = {
    # the link of an e-mail: only its token counts (test_approval_matrix)
    ("/approval/<int:task_id>/<token>", "public"),
    # a file of its document, by the same token (test_mail_link.py)
    ("/approval/<int:task_id>/<token>/file/<int:file_id>", "public"),
    # the same after a log-in: leads to what the user may open
    ("/approval/<int:task_id>", "user"),
    # the same for an answer
    ("/approval/answer/<int:process_id>", "user"),
    # the form of a customer: only the order's token counts (urgent_orders)
    ("/my/orders/<int:order_id>/urgency", "public"),
    # printed orders: Odoo answers, the name of the file is ours (test_vendor_mail.py)
    ("/report/download", "user"),
    # the log of the cases that one may read (test_case_log.py)
    ("/cx_reports/case_log.<string:form>", "user"),
    # the page of a vendor: only the order's token counts (test_ask_vendor.py)
    ("/my/purchase/<int:order_id>/dates", "public"),
}

METHODS = {
    "account.move": {
        "action_post": ONLY_ACCOUNTANT,
        "action_view_deposits": Method(answers=BILLERS, clumsy=ONE_RECORD),
        "button_draft": ONLY_ACCOUNTANT,
        "button_cancel": ONLY_ACCOUNTANT,
        "create": of_values(of_partner(move_type="in_invoice"), may=BILLERS),
        "unlink": Method(may=BILLERS),
        "write": of_values({"ref": "Changed"}, {"state": "posted"}, may=BILLERS),
    },
    "account.move.line": {
        "copy_data": Method(answers=BILLERS, clumsy=CLUMSY_VALUES),
        "create": of_values(new_bill_line, may=BILLERS),
        "unlink": Method(may=BILLERS),
        "write": of_values({"name": "Changed"}, {"quantity": 2.0}, may=BILLERS),
    },
    "approval.decision": {"action_confirm": DIALOG},
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
        "action_open_send_back": OPENS,
        "action_open_submission": Method(clumsy=ONE_RECORD),
        "action_reject": Method(calls=((), ("no",))),
        "action_remind": Method(),
        "action_restore_terms": Method(),
        "action_send_back": Method(calls=((), ("look again",))),
        "action_submit_approval": Method(),
        "action_withdraw": Method(),
        "get_approval_history": Method(answers=ORDER_WRITERS),
    },
    "approval.process": {
        "action_decide": Method(
            # whoever leaves reads no refusal: it comes as a notice
            calls=(("approve",), ("reject", "no"), ("approve", "fine", True)),
            answers={"approvals"},
        ),
        "action_open_answer": Method(answers=EVERYBODY),
        "action_open_document": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_remind": Method(),
        "action_verify_log": Method(answers={"approvals"}),
    },
    "approval.rule": {
        "action_try": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_view_processes": Method(answers=EVERYBODY, clumsy=ONE_RECORD),
    },
    "approval.setup": {
        "get_card": Method(answers={"approvals"}),
        "make_first_rule": Method(
            calls=(
                (lambda scene: {**FIRST_RULE, "user_id": approver(scene)},),
                ({**FIRST_RULE, "name": "Lan", "login": "lan", "password": "x" * 12},),
            ),
            may={"approvals"},
        ),
        "try_amount": Method(calls=(("purchase.order", 5),), answers={"approvals"}),
    },
    "approval.substitute": {
        "action_decline": Method(calls=((), ("no",))),
        "action_open_decline": Method(answers=EVERYBODY),
        "action_return": Method(),
    },
    "approval.task": {
        "action_approve": Method(),
        "action_approve_selected": Method(),
        "action_open_approval": OPENS_THEIRS,
        "action_open_document": Method(answers={"approvals"}, clumsy=ONE_RECORD),
        "action_open_forward": OPENS_THEIRS,
        "action_open_question": OPENS_THEIRS,
        "action_open_rejection": OPENS_THEIRS,
        "action_open_send_back": OPENS_THEIRS,
        "get_inbox": Method(answers=EVERYBODY),
        "get_selected_to_hold": Method(answers={"approvals"}),
    },
    "approval.verification.finding": {
        "action_open": Method(clumsy=ONE_RECORD),
    },
    "approval.verification.run": {
        "action_verify": Method(clumsy=ONE_RECORD),
    },
    "crm.lead": {
        "action_new_quotation": Method(clumsy=ONE_RECORD),
        "action_tell_promise": Method(clumsy=ONE_RECORD),
        "create": of_values(
            {"name": "New", "urgency_asked_level_id": 1}, may={"sales"}
        ),
        "unlink": Method(),
        "write": of_values({"urgency_reason": "Changed"}, {"active": False}),
    },
    "account.partial.reconcile": {
        "unlink": ONLY_ACCOUNTANT,
        "write": of_values({"exchange_move_id": False}, may={"accountant"}),
    },
    "account.payment": {
        "action_post": ONLY_ACCOUNTANT,
        "create": of_values(new_payment, may={"accountant"}),
        "unlink": ONLY_ACCOUNTANT,
        "write": of_values({"memo": "Changed"}, {"state": "draft"}, may={"accountant"}),
    },
    "account.payment.register": {
        "action_create_payments": Method(clumsy=ONE_RECORD),
    },
    "deposit.cancellation": {
        "action_confirm": Method(may=BUYERS, clumsy=ONE_RECORD),
    },
    "deposit.adoption": {"action_confirm": DIALOG},
    "deposit.claim.ask": {"action_confirm": DIALOG},
    "deposit.manual": {"action_confirm": DIALOG},
    "deposit.payment": {
        "action_confirm": DIALOG,
        "action_print": DIALOG,
    },
    "deposit.refund": {"action_confirm": DIALOG},
    # of a module: Odoo lets nobody delete them
    "ir.model.fields": {"unlink": Method()},
    "purchase.excess": {
        "action_accept": Method(),
        "action_refuse": Method(),
        "get_approval_history": Method(answers=ORDER_WRITERS),
    },
    "purchase.excess.ask": {
        "action_ask": DIALOG,
        "default_get": Method(
            calls=((["line_ids"],),), answers=EVERYBODY, clumsy=CLUMSY_VALUES
        ),
    },
    "purchase.excess.source": {
        "action_view_excess": Method(answers=ORDER_WRITERS),
        "unlink": ONLY_ACCOUNTANT,
    },
    "hr.leave": {
        "create": of_values(new_time_off),
        "unlink": Method(),
        "write": of_values({"state": "validate"}, {"private_name": "Changed"}),
    },
    "purchase.order": {
        "action_ask_question": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers=ORDER_WRITERS),
        "action_open_rest_closing": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_reopen_rest": ONLY_ORDER_WRITERS,
        "action_open_urgency": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_acknowledge": ONLY_ORDER_WRITERS,
        "action_ask_quotes": Method(clumsy=ONE_RECORD),
        "action_compare_quotes": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_decline_answers": Method(may=BUYERS),
        "action_take_over_answers": Method(may=BUYERS),
        "get_dates_url": Method(may=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_add_deposit": Method(may={"manager", "accountant"}, clumsy=ONE_RECORD),
        "action_cancel_order": ONLY_ORDER_WRITERS,
        "action_create_invoice": Method(
            may=ORDER_WRITERS, clumsy=(*CLUMSY_VALUES, DataError)
        ),
        "action_rfq_send": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_open_submission": Method(may=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_submit_approval": ONLY_ORDER_WRITERS,
        "action_view_deposits": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_view_excess": Method(answers=ORDER_WRITERS),
        "action_merge": Method(),
        "action_view_supply_waiting": ONLY_ORDER_WRITERS,
        "button_approve": Method(calls=((), (True,)), may=ORDER_WRITERS),
        "button_cancel": ONLY_ORDER_WRITERS,
        "button_confirm": ONLY_ORDER_WRITERS,
        "create": of_values(of_partner(), of_partner(state="purchase"), may=BUYERS),
        # with the key of ours in the context it does nothing
        "message_subscribe": Method(
            calls=((), ([1],)),
            may=ORDER_WRITERS,
            answers=EVERYBODY,
            clumsy=(*CLUMSY_VALUES, DataError),
        ),
        "unlink": Method(may=BUYERS),
        "write": of_values(
            {"origin": "Changed"},
            {"state": "purchase"},
            {"state": "to approve"},
            {"state": "cancel"},
            {"approval_editor_ids": False, "approval_revision": 0},
            {"budget_posted_state": False, "budget_memo": {}},
            may=ORDER_WRITERS,
        ),
    },
    "purchase.order.line": {
        "action_ask_question": Method(answers=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers=ORDER_WRITERS),
        "action_ask_vendor": Method(),
        "action_choose": ONLY_ORDER_WRITERS,
        "action_clear_quantities": ONLY_ORDER_WRITERS,
        "action_new_dates": Method(answers=BUYERS),
        "action_view_supply_waiting": ONLY_ORDER_WRITERS,
        "create": of_values(new_line, may=BUYERS),
        "unlink": Method(may=BUYERS),
        "write": of_values({"price_unit": 1.0}, moved_line, may=ORDER_WRITERS),
    },
    "purchase.requisition.alternative.warning": {
        "action_cancel_alternatives": Method(may=BUYERS),
    },
    "res.company": {
        "create": of_values({"name": "Somebody"}, may={"settings"}),
        "write": Method(
            calls=(({"resource_calendar_id": False},), ({"name": "Changed"},)),
            may={"settings"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "res.partner": {
        "action_confirm_data": Method(may=INTERNAL),
        "create": of_values({"name": "Somebody"}, may=CUSTOMER_MAKERS),
        # Odoo answers with what is wrong
        "load": Method(
            calls=((["name"], [["Somebody"]]),),
            may=CUSTOMER_MAKERS,
            answers=EVERYBODY,
            clumsy=CLUMSY_VALUES,
        ),
        "name_search": Method(
            calls=(("Somebody",),), answers=EVERYBODY, clumsy=CLUMSY_VALUES
        ),
        "unlink": Method(may=CUSTOMER_MAKERS),
        "web_name_search": Method(
            calls=(("Somebody", {"display_name": {}}),),
            answers=EVERYBODY,
            clumsy=CLUMSY_VALUES,
        ),
        "write": of_values({"name": "Changed"}, may=CUSTOMER_MAKERS),
    },
    "resource.calendar": {
        "unlink": Method(may={"settings"}),
        "write": Method(
            calls=(({"tz": "Asia/Tokyo"},), ({"attendance_ids": []},)),
            may={"settings"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "resource.calendar.attendance": {
        # Odoo's ORM asserts that values are a dictionary
        "create": Method(
            calls=((new_hours,),),
            may={"settings"},
            clumsy=(*CLUMSY_VALUES, AssertionError),
        ),
        "unlink": Method(may={"settings"}),
        "write": Method(
            calls=(({"hour_to": 23.0},),), may={"settings"}, clumsy=CLUMSY_VALUES
        ),
    },
    "resource.calendar.leaves": {
        "create": Method(
            calls=((new_holiday,),), may={"settings"}, clumsy=CLUMSY_VALUES
        ),
        "unlink": Method(may={"settings"}),
        "write": Method(
            calls=(({"date_to": "2061-01-01 00:00:00"},),),
            may={"settings"},
            clumsy=CLUMSY_VALUES,
        ),
    },
    "res.users": {
        "create": of_values({"name": "New", "login": "new"}, may={"settings"}),
        "unlink": Method(may={"settings"}),
        "write": of_values({"active": False}, {"login": "changed"}, may={"settings"}),
    },
    "crm.lead.line": {
        "action_ask_for_faster": Method(answers=BUYERS, clumsy=ONE_RECORD),
        "action_ask_question": Method(answers=BUYERS, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers=BUYERS),
    },
    "sale.order.line": {
        "action_view_supply_waiting": ONLY_ACCOUNTANT,
        "action_ask_for_faster": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_ask_question": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers={"accountant"}),
    },
    "sale.order": {
        "action_ask_question": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers={"accountant"}),
        "action_confirm_urgent": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_open_urgency": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_tell_promise": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_open_wish_acceptance": Method(answers={"accountant"}),
        "action_open_wish_refusal": Method(answers={"accountant"}),
        "action_view_supply_waiting": ONLY_ACCOUNTANT,
        "action_withdraw_urgency_request": ONLY_ACCOUNTANT,
        "create": of_values(of_partner(), may={"sales"}),
        "unlink": Method(),
        "write": of_values(
            {"urgency_reason": "Changed"}, {"state": "cancel"}, may={"accountant"}
        ),
    },
    "spend.budget": {
        "action_close": Method(may={"budgets"}),
        "action_open": Method(may={"budgets"}),
        "action_synchronise": Method(may={"budgets"}),
        "action_verify": Method(answers={"budgets"}),
        "action_view_entries": Method(answers=EVERYBODY),
        "action_view_forecast": Method(answers=EVERYBODY),
        "action_view_lines": Method(answers=EVERYBODY),
        "copy_data": Method(answers={"budgets"}, clumsy=CLUMSY_VALUES),
        "get_empty_list_help": Method(
            calls=(("Nothing",),), answers=EVERYBODY, clumsy=CLUMSY_VALUES
        ),
    },
    "spend.budget.line": {"action_view_entries": Method(answers=EVERYBODY)},
    "spend.closing": {"action_close": DIALOG},
    "spend.entry": {"action_open_document": DIALOG},
    "spend.import": {
        "action_import": DIALOG,
        "action_template": DIALOG,
    },
    "spend.split": {"action_split": DIALOG},
    "spend.rest.closing": {"action_close": DIALOG},
    "spend.transfer.request": {
        "action_accept": Method(),
        "action_ask": Method(),
        "action_cancel": Method(),
        "action_refuse": Method(calls=((), ("no",))),
        "action_take_back": Method(),
        "get_approval_history": Method(answers={"budgets"}),
    },
    "spend.transfer.wizard": {"action_transfer": Method()},
    "stock.move": {
        "action_view_supply_waiting": Method(may=MOVERS),
        "create": of_values({}, may=MOVERS),
        "write": of_values({"quantity": 2.0}, may=MOVERS),
    },
    "stock.move.line": {
        "create": of_values({}, may=MOVERS),
        "unlink": Method(may=MOVERS),
        # Odoo lets all employees: what comes of it is judged
        "write": of_values({"quantity": 2.0}, may=INTERNAL),
    },
    "stock.picking": {
        "action_ask_question": Method(answers=MOVERS, clumsy=ONE_RECORD),
        "action_view_questions": Method(answers=MOVERS),
        "action_open_urgency": Method(answers=MOVERS, clumsy=ONE_RECORD),
        "action_view_supply_swaps": Method(may=MOVERS),
        "action_view_supply_waiting": Method(may=MOVERS),
        "button_validate": Method(may=MOVERS),
        "create": of_values({}, may=MOVERS),
        "unlink": Method(may=MOVERS),
        "write": of_values({"urgency_reason": "Changed"}, may=MOVERS),
    },
    "supplier.deposit": {
        "action_give_up": ONLY_ORDER_WRITERS,
        "action_keep": ONLY_ORDER_WRITERS,
        "action_make_due": ONLY_ORDER_WRITERS,
        "action_open_adoption": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_open_claim": Method(may=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_pay": ONLY_ACCOUNTANT,
        "action_pay_batch": ONLY_ACCOUNTANT,
        "action_print_payment_order": Method(answers={"accountant"}),
        "action_register_refund": Method(may={"accountant"}, clumsy=ONE_RECORD),
        "action_open_submission": Method(may=ORDER_WRITERS, clumsy=ONE_RECORD),
        "action_submit_approval": ONLY_ORDER_WRITERS,
        "action_view_moves": Method(answers={"accountant"}, clumsy=ONE_RECORD),
    },
    "supply.buy": {"action_buy": DIALOG},
    "cx.figures": {"get_page": Method(answers=STAFF)},
    "cx.overview": {
        "get_age": Method(answers=STAFF),
        "get_figures": Method(calls=((), (30,)), answers=STAFF),
        "get_overview": Method(calls=((), (30,)), answers=STAFF),
        "get_promises": Method(calls=((), (30,)), answers=STAFF),
    },
    "cx.report": {
        "action_open_source": Method(
            answers={*BUYERS, "accountant", *CLERKS}, clumsy=ONE_RECORD
        ),
    },
    "cx.request.report": {
        "action_open_source": Method(answers={"approvals"}, clumsy=ONE_RECORD),
    },
    "cx.waiting": {
        "get_hand_overs": Method(calls=((), (30,)), answers=STAFF),
        "get_what_if": Method(calls=((), (30,)), answers=STAFF),
    },
    "supply.caller": {
        "find": Method(
            calls=(("Partner",), ("0901 234 567",)), answers={"sales", "accountant"}
        ),
    },
    "supply.desk": {
        "carry_out": Method(calls=((1, 1, {}, "", "why"),)),
        "get_choices": Method(calls=((1, 1, 1),)),
        "get_desk": Method(calls=((1, 1),)),
        "get_products": Method(answers={"manager"}),
        "preview": Method(calls=((1, 1, {}),)),
    },
    "supply.need": {
        "action_ask_vendor": Method(),
        "action_buy": Method(),
        "action_new_dates": Method(),
        "action_open_purchase": Method(answers=BUYERS),
    },
    "supply.overview": {"get_figures": Method(answers={"manager"})},
    "supply.panel": {
        "get_panel": Method(
            calls=(("sale.order", their_order),), answers={"accountant"}
        ),
    },
    "supply.answer": {
        "action_decline": Method(may=BUYERS),
        "action_take_over": Method(may=BUYERS),
    },
    "supply.quotes": {
        "choose": Method(calls=((1, ""),)),
        "choose_product": Method(calls=((1, 1, ""),)),
        "get_comparison": Method(calls=((1,),)),
        "order_chosen": Method(calls=((1, ""),)),
    },
    "supply.redate": {"action_save": DIALOG},
    "supply.rescue": {"action_do": DIALOG, "action_open": Method()},
    "supply.promise.tell": {"action_keep_wanted": DIALOG, "action_tell": DIALOG},
    "supply.question": {
        "action_open_answer": Method(answers=BUYERS, clumsy=ONE_RECORD),
        "action_open_document": Method(answers={"accountant"}, clumsy=ONE_RECORD),
        "action_open_forward": Method(answers=BUYERS, clumsy=ONE_RECORD),
        "action_withdraw": Method(),
    },
    "supply.question.ask": {"action_ask": DIALOG},
    "supply.question.mixin": {
        "action_ask_question": DIALOG,
        "action_view_questions": Method(),
    },
    "supply.question.reply": {"action_confirm": DIALOG},
    "supply.change": {"is_being_filled": Method(answers=EVERYBODY)},
    "supply.state": {"action_view_supply_waiting": Method(may=BUYERS)},
    "supply.swap": {"action_lend": Method(clumsy=ONE_RECORD)},
    "supply.waiting": {
        "action_open_purchase": Method(clumsy=ONE_RECORD),
        "action_open_sale": Method(clumsy=ONE_RECORD),
    },
    "test.approval.document": {
        "get_approval_history": Method(answers=INTERNAL),  # all may read them
        "action_open_submission": Method(may=INTERNAL, clumsy=ONE_RECORD),
        "action_submit_approval": Method(may=INTERNAL),
    },
    "customer.access.request": {
        "action_forward": Method(),
        "action_grant": Method(),
        "action_hand_over": Method(),
        "action_refuse": Method(),
    },
    "base.partner.merge.automatic.wizard": {
        "action_merge": Method(),
        "action_skip": Method(),
        "action_start_automatic_process": Method(),
        "action_start_manual_process": Method(),
        "action_update_all_process": Method(),
        "parent_migration_process_cb": Method(),
    },
    "customer.duplicate": {"action_compare": Method(), "action_keep_apart": Method()},
    "customer.match": {
        "ask_access": Method(calls=(({"name": "Somebody"},),), answers=INTERNAL),
        "enter": Method(calls=(({"name": "Somebody"},),), may=CUSTOMER_MAKERS),
        "find": Method(calls=(({},),), answers=INTERNAL),
    },
    "customer.merge": {"action_undo": DIALOG},
    "customer.merge.wizard": {"action_keep_apart": DIALOG, "action_merge": DIALOG},
    "timeline.feed": {
        "get_head": Method(calls=THEIR_STORY, answers=STORY_READERS),
        "get_page": Method(calls=THEIR_STORY, answers=STORY_READERS),
    },
    "timeline.lanes": {
        "get_lanes": Method(calls=THEIR_STORY, answers=STORY_READERS),
    },
    "urgency.answer": {"action_confirm": DIALOG},
    "urgency.case": {
        "action_open_document": Method(answers={"manager"}, clumsy=ONE_RECORD),
    },
    "urgency.change": {"action_confirm": DIALOG, "action_confirm_and_lend": DIALOG},
    "urgency.confirmation": {
        "action_confirm": DIALOG,
        "action_confirm_and_lend": DIALOG,
    },
    "urgency.mixin": {
        "action_grant_urgency": Method(),
        "action_open_urgency": DIALOG,
        "action_open_urgency_refusal": Method(),
        "action_refuse_urgency": Method(calls=((), ("no",))),
        "action_withdraw_urgency_request": Method(),
    },
}
