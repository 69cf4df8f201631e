import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

registry.category("web_tour.tours").add("customer_base_same", {
    steps: () => [
        {
            content: "somebody new is typed",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Nguyen Thi Lan",
        },
        {
            content: "with the number of a customer, in another notation",
            trigger: ".o_field_widget[name=phone] input",
            run: "edit +84 912 345 678 && press Tab",
        },
        {
            content: "who it is is told above the form",
            trigger:
                ".o_same_customers .text-bg-danger ~ button:contains(Nguyễn Thị Lan)",
        },
        {
            content: "another number is somebody else's",
            trigger: ".o_field_widget[name=phone] input",
            run: "edit 0977 111 222 && press Tab",
        },
        {
            content: "the name alone may be the same",
            trigger: ".o_same_customers .text-bg-warning",
        },
        {
            content: "nobody is called so",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Phạm Quốc Bảo && press Tab",
        },
        {
            trigger: "body:not(:has(.o_same_customers))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

const LAN_AGAIN = [
    {
        content: "a customer who is there is typed",
        trigger: ".o_field_widget[name=name] :is(input, textarea)",
        run: "edit Nguyen Thi Lan",
    },
    {
        trigger: ".o_field_widget[name=phone] input",
        run: "edit 0912.345.678 && press Tab",
    },
];

registry.category("web_tour.tours").add("customer_base_reason", {
    steps: () => [
        ...LAN_AGAIN,
        {
            content: "why it is somebody else is asked at once",
            trigger: ".o_same_customers .o_same_customers_reason",
            run: "edit her aunt && press Tab",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_ask", {
    steps: () => [
        ...LAN_AGAIN,
        {
            content: "a colleague has her: who, is not said",
            trigger: ".o_same_customers:not(:contains(Lan)) .o_same_customers_ask",
            run: "click",
        },
        {
            content: "it was asked for",
            trigger: ".o_same_customers:not(:has(.o_same_customers_ask)) small",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});

const SAID = [
    {
        content: "a number of somebody else is typed",
        trigger: ".o_field_widget[name=phone] input",
        run: "edit 0912 345 678 && press Tab",
    },
    {
        trigger: ".o_same_customers button:contains(Nguyễn Thị Lan)",
    },
];

registry.category("web_tour.tours").add("customer_base_next", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains(Next 1)",
            run: "click",
        },
        ...SAID,
        {
            content: "what was typed is taken back",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "and with it who it was like",
            trigger: "body:not(:has(.o_same_customers)) .o_form_saved",
        },
        ...SAID,
        {
            content: "nothing of it stands above the next customer",
            trigger: ".o_pager_next",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.o_same_customers)) .o_breadcrumb .active:contains(Next 2)",
        },
    ],
});

/** Somebody else saves the customer who is being typed here. */
function saveElsewhere() {
    const values = {name: "Phạm Quốc Bảo", phone: "0977 111 222"};
    return rpc("/web/dataset/call_kw/res.partner/create", {
        model: "res.partner",
        method: "create",
        args: [[values]],
        kwargs: {},
    });
}

registry.category("web_tour.tours").add("customer_base_at_once", {
    steps: () => [
        {
            content: "who is there is shown, so that the form has asked",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Nguyen Thi Lan && press Tab",
        },
        {
            trigger: ".o_same_customers .text-bg-warning",
        },
        {
            content: "but it is somebody new",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Pham Quoc Bao && press Tab",
        },
        {
            trigger: "body:not(:has(.o_same_customers))",
        },
        {
            content: "with a number of somebody else",
            trigger: ".o_field_widget[name=phone] input",
            run: "edit 028 3823 4567 && press Tab",
        },
        {
            trigger: ".o_same_customers",
        },
        {
            content: "whose is another one: it is gone once that was asked about",
            trigger: ".o_field_widget[name=phone] input",
            run: "edit 0977.111.222 && press Tab",
        },
        {
            content: "whom nobody is like",
            trigger: "body:not(:has(.o_same_customers))",
            run: saveElsewhere,
        },
        {
            content: "a colleague was quicker",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "which is said, and nothing is saved",
            trigger: ".o_dialog .modal-title:contains(Already There)",
        },
        {
            trigger: ".o_dialog .modal-body:contains(Phạm Quốc Bảo)",
        },
        {
            trigger: ".o_dialog .modal-footer button",
            run: "click",
        },
        {
            content: "and leads to the one who is there",
            trigger:
                "body:not(:has(.o_dialog)) .o_same_customers .text-bg-danger ~ button:contains(Phạm Quốc Bảo)",
        },
        {
            content: "who saves once more means somebody else",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_dialog)) .o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_numbers", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=company_type] label:contains(Company)",
            run: "click",
        },
        {
            content: "an address that we know",
            trigger: ".o_field_widget[name=email] input",
            run: "edit INFO@AnPhat.vn && press Tab",
        },
        {
            content: "may be the same",
            trigger: ".o_same_customers .text-bg-warning ~ small:contains(same e-mail)",
        },
        {
            content: "is the same, with the name",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Cty An Phat && press Tab",
        },
        {
            trigger: ".o_same_customers .text-bg-danger ~ small:contains(same e-mail)",
        },
        {
            content: "another address is somebody else's",
            trigger: ".o_field_widget[name=email] input",
            run: "edit sales@other.example && press Tab",
        },
        {
            trigger: ".o_same_customers:not(:contains(e-mail))",
        },
        {
            content: "a tax code with a figure mistyped",
            trigger: ".o_field_widget[name=vat] input",
            run: "edit 0100233489 && press Tab",
        },
        {
            content: "is warned of, and is nobody's",
            trigger:
                ".o_same_customers:not(:contains(same tax code)):contains(The check digit of the tax code 0100233489 is wrong)",
        },
        {
            content: "the right one",
            trigger: ".o_field_widget[name=vat] input",
            run: "edit 0100 233 488 && press Tab",
        },
        {
            trigger:
                ".o_same_customers:not(:contains(check digit)) .text-bg-danger ~ small:contains(same tax code)",
        },
        {
            content: "is written one way",
            trigger: ".o_field_widget[name=vat] input:value(0100233488)",
        },
        {
            content: "a wrong code is saved all the same: there are papers with such codes",
            trigger: ".o_field_widget[name=vat] input",
            run: "edit 0100233489 && press Tab",
        },
        {
            trigger: ".o_same_customers:contains(check digit)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

const THERE = ".modal-body:contains(Nguyễn Thị Lan):contains(save once more)";
/** How one saves a customer or goes on, and what one sees then. */
const WAYS = {
    button: {
        trigger: ".o_form_button_save",
        run: "click",
        done: "body:not(:has(.o_dialog)) .o_form_saved",
    },
    keyboard: {
        trigger: ".o_form_button_save",
        run: "press alt+s",
        done: "body:not(:has(.o_dialog)) .o_form_saved",
    },
    // the field keeps the cursor, as with aids that press for somebody
    aid: {
        trigger: ".o_form_button_save",
        run() {
            this.anchor.click();
        },
        done: "body:not(:has(.o_dialog)) .o_form_saved",
    },
    pager: {
        trigger: ".o_pager_next",
        run: "click",
        done: "body:not(:has(.o_dialog)) .o_breadcrumb .active:contains(Zwölf)",
    },
    breadcrumb: {
        trigger: ".o_back_button a",
        run: "click",
        done: "body:not(:has(.o_dialog)) .o_list_view .o_data_row:contains(912 345 678)",
    },
};

for (const [name, {trigger, run, done}] of Object.entries(WAYS)) {
    registry.category("web_tour.tours").add(`customer_base_stop_${name}`, {
        steps: () => [
            {
                trigger: ".o_data_row .o_data_cell:contains(Nguyen Thi Lan)",
                run: "click",
            },
            {
                content: "a number is typed, and the field not left",
                trigger: ".o_field_widget[name=phone] input",
                run: "edit 0912 345 678",
            },
            {trigger, run},
            {
                content: "whose it is is said before anything is saved",
                trigger: THERE,
            },
            {
                trigger: ".o_dialog .modal-footer .btn-primary",
                run: "click",
            },
            {
                content: "the same way once more means somebody else",
                trigger: `body:not(:has(.o_dialog)) ${trigger}`,
                run,
            },
            {trigger: done},
        ],
    });
}

registry.category("web_tour.tours").add("customer_base_contact", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=child_ids] .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_dialog .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Nguyen Thi Lan && press Tab",
        },
        {
            trigger: ".o_dialog .o_field_widget[name=phone] input",
            run: "edit 0912 345 678 && press Tab",
        },
        {
            content: "the window is closed before anybody is shown",
            trigger: ".o_dialog .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.o_dialog)) .o_field_widget[name=child_ids] .o_kanban_record:contains(Nguyen Thi Lan)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "when the company is saved it is said",
            trigger: THERE,
        },
        {
            trigger: ".o_dialog .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "and who saves once more means somebody else",
            trigger: "body:not(:has(.o_dialog)) .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_dialog)) .o_form_saved",
        },
    ],
});
