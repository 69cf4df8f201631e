import {registry} from "@web/core/registry";

const FIELD = ".o_who_is_calling input";

function type(text) {
    return {content: `Type ${text}`, trigger: FIELD, run: `edit ${text}`};
}

// The telephone rings: who is it, and what about?
registry.category("web_tour.tours").add("crm_purchase_bridge_who_is_calling", {
    steps: () => [
        {
            content: "The field waits for what is typed",
            trigger: ".o_who_is_calling input:focus",
        },
        type("nguyen dao zyx"),
        {
            content: "The name is found without its accents, with the open order",
            trigger:
                ".o_who_is_calling:has(.o_who_customer:contains(Nguyễn)) .o_who_their_order:contains(Quotation)",
        },
        type("0901 234 567"),
        {
            content: "The number is found however it is stored",
            trigger: ".o_who_customer.o_who_chosen:contains(+84 901 234 567)",
        },
        {
            content: "Escape is for the next call",
            trigger: FIELD,
            run: "press Escape",
        },
        {
            content: "Nothing is left",
            trigger: ".o_who_is_calling:not(:has(.o_who_row)) input:value()",
        },
        type("po-zyx-77"),
        {
            content: "The customer's own number finds the order",
            trigger: ".o_who_order.o_who_chosen:contains(PO-Zyx-7781)",
        },
        type("dao zyx"),
        {
            trigger: ".o_who_customer.o_who_chosen:contains(Đào)",
        },
        {
            content: "Down to the order",
            trigger: FIELD,
            run: "press ArrowDown",
        },
        {
            trigger: ".o_who_their_order.o_who_chosen",
        },
        {
            content: "Open it",
            trigger: FIELD,
            run: "press Enter",
        },
        {
            content: "This is the order",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:has(input:value(Đào)), .o_form_view:contains(Đào)",
        },
        {
            content: "Back to the caller, who has another order",
            trigger: ".o_control_panel .o_back_button a, .o_control_panel .breadcrumb-item a, button.o_mobile_menu_toggle ~ .o_back_button, .o_back_button",
            run: "click",
        },
        {
            content: "What was typed is still there, and what was chosen",
            trigger:
                ".o_who_is_calling:has(input:value(dao zyx)) .o_who_their_order.o_who_chosen",
        },
    ],
});

// Who reads own orders only hears that colleagues have some, and no more.
registry.category("web_tour.tours").add("crm_purchase_bridge_who_else", {
    steps: () => [
        type("dao zyx"),
        {
            content: "Colleagues have an order; it is not shown",
            trigger:
                ".o_who_is_calling:not(:has(.o_who_their_order)) .o_who_customer:contains(Colleagues have)",
        },
        type("po-zyx-7781"),
        {
            content: "Its number is known when it is typed in full",
            trigger:
                ".o_who_is_calling:not(:has(.o_who_row)) [role=status]:contains(of a colleague)",
        },
    ],
});
