import {registry} from "@web/core/registry";

// How complete a customer is, seen while one types.
registry.category("web_tour.tours").add("customer_base_complete", {
    steps: () => [
        {
            content: "half of it is there",
            trigger: ".o_customer_completeness [aria-valuenow='50']",
        },
        {
            content: "what is missing leads to the field",
            trigger: ".o_customer_completeness button:contains(Email)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=email] input:focus",
            run: "edit lan@own.example && press Tab",
        },
        {
            content: "the bar grows while one types",
            trigger:
                ".o_customer_completeness:not(:has(button)) [aria-valuenow='100'] .text-bg-success",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: "body:has(.o_form_saved) .o_customer_completeness [aria-valuenow='100']",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_incomplete", {
    steps: () => [
        {
            content: "what is required stands first, in red",
            trigger:
                ".o_customer_completeness > span:has(button):first .text-danger:contains(Where)",
        },
        {
            trigger: ".o_customer_completeness .progress-bar.text-bg-danger",
        },
        {
            trigger: ".o_field_widget[name=street] input",
            run: "edit 5 Lê Lợi && press Tab",
        },
        {
            content: "the rest is only wanted",
            trigger: ".o_customer_completeness:not(:has(.text-danger)) .text-bg-warning",
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

const WRONG = "The check digit of the tax code 0100233489 is wrong";

/** What enters somebody new. */
const NEW =
    ".o_control_panel :is(.o_list_button_add, .o-kanban-button-new, .o_form_button_create)";

/** A customer in a list, or in cards on a phone. */
function row(name) {
    return `.o_data_row:contains(${name}) .o_data_cell, .o_kanban_record:contains(${name})`;
}

// The list of those whose data nobody has confirmed for a long time.
registry.category("web_tour.tours").add("customer_base_review", {
    steps: () => [
        {
            content: "one's own come first",
            trigger: ".o_view_controller:contains(Nguyễn Thị Lan):not(:contains(Somebody Else))",
        },
        {
            content: "nobody is entered here",
            trigger: `body:not(:has(${NEW})) .o_view_controller`,
        },
        {
            trigger: row("Nguyễn Thị Lan"),
            run: "click",
        },
        {
            trigger: ".o_form_view div[name=review]:contains(Are these data still right?)",
        },
        {
            content: "nor where one of them is open",
            trigger: `body:not(:has(${NEW})) .o_form_view`,
        },
        {
            trigger: ".o_form_view button[name=action_confirm_data]",
            run: "click",
        },
        {
            content: "who confirmed it, and when",
            trigger:
                ".o_form_view div[name=review]:contains(Confirmed on):contains(customer-sales):not(:contains(still right))",
        },
        {
            content: "back in the list",
            trigger: ".o_back_button, .o_breadcrumb .breadcrumb-item:not(.active) a",
            run: "click",
        },
        {
            content: "she is not in it any more",
            trigger: [".o_list_view", ".o_kanban_view"]
                .map((view) => `${view}:contains(An Phát):not(:contains(Nguyễn Thị Lan))`)
                .join(),
        },
    ],
});

// Several at once, on a desk.
registry.category("web_tour.tours").add("customer_base_review_several", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Nguyễn Thị Lan) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(An Phát) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name=action_confirm_data]",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row)):contains(Nobody to review)",
        },
    ],
});

// An import is warned of numbers when it is tested and when it is done.
registry.category("web_tour.tours").add("customer_base_import", {
    steps: () => [
        {
            trigger: ".o_import_file",
            run() {
                const rows = "Name,Tax ID\nHòa Phát,0100233489\nBình Minh,0100233488\n";
                const files = new DataTransfer();
                files.items.add(new File([rows], "customers.csv", {type: "text/csv"}));
                const input = document.querySelector(".o_file_input input[type=file]");
                input.files = files.files;
                input.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "the columns are known",
            trigger: ".o_import_data_content:contains(Tax ID)",
        },
        {
            trigger: ".o_control_panel button:contains(Test)",
            run: "click",
        },
        {
            content: "it is warned of",
            trigger: `.alert-warning:contains(Hòa Phát: ${WRONG}):not(:contains(Bình Minh))`,
        },
        {
            content: "and keeps nobody from importing",
            trigger: ".alert-info:contains(Everything seems valid)",
        },
        {
            trigger: ".o_control_panel button:contains(Import)",
            run: "click",
        },
        {
            trigger: `.o_notification:contains(${WRONG})`,
        },
        {
            trigger: ".o_list_view:contains(Hòa Phát):contains(Bình Minh)",
        },
    ],
});
