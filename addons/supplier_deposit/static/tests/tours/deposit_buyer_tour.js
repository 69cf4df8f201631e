import {registry} from "@web/core/registry";

// A buyer sees what became of the deposit, cancels the order, and is told what happens.
registry.category("web_tour.tours").add("supplier_deposit_cancel_order", {
    steps: () => [
        {
            content: "The order says what was paid, and who holds it",
            trigger:
                ".o_deposit_progress a[data-state=paid]:contains(On order):contains(30 %)" +
                ":contains(300.00):contains(Vendor)",
        },
        {
            content: "And what is still to come",
            trigger: ".o_deposit_progress a[data-state=planned]:contains(Before shipping):contains(200.00)",
        },
        {
            content: "Cancel",
            trigger: "button[name=button_cancel]:visible",
            run: "click",
        },
        {
            content: "What is paid is claimed back",
            trigger: ".modal .o_deposit_consequence:contains(On order):contains(300.00):contains(claimed back)",
        },
        {
            content: "What is not paid is cancelled",
            trigger: ".modal .o_deposit_consequence:contains(Before shipping):contains(is cancelled)",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The order is cancelled, the deposit waits for the refund",
            trigger: ".o_deposit_progress a[data-state=paid]:contains(refund awaited)",
        },
        {
            content: "Open the deposit from there",
            trigger: ".o_deposit_progress a[data-state=paid]",
            run: "click",
        },
        {
            content: "It says what the vendor owes",
            trigger: ".o_form_view .alert-warning:contains(300.00):contains(give back)",
        },
    ],
});
