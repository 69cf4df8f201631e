import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const quote = (vendor) => `.o_quote:contains(${vendor})`;
const offer = (vendor) => `.o_quote_offer:contains(${vendor})`;

// A buyer opens the comparison, chooses by product, thinks again, and orders.
tours.add("crm_purchase_bridge_compare_quotes", {
    steps: () => [
        {
            content: "On a phone the buttons are in a menu",
            trigger: ".o_form_view .o-form-buttonbox",
            async run({queryFirst, click}) {
                const more = queryFirst(".o-form-buttonbox .o_button_more");
                if (more) {
                    await click(more);
                }
            },
        },
        {
            trigger: "button[name=action_compare_quotes]",
            run: "click",
        },
        {
            content: "The cheaper one is marked",
            trigger: `${quote("Far Vendor")} [data-column=total] .fa-star`,
        },
        {
            content: "The earlier one too, and who waits for it is named",
            trigger: `${offer("Near Vendor")} [data-column=slack]:contains(Hospital) .fa-star`,
        },
        {
            content: "Who has it late is said",
            trigger: `${offer("Far Vendor")} [data-column=slack]:contains(days late)`,
        },
        {
            trigger: `${offer("Far Vendor")} .o_offer_choose`,
            run: "click",
        },
        {
            content: "The other one is not chosen, and can still be",
            trigger: `${offer("Near Vendor")}:contains(not chosen) .o_offer_choose`,
            run: "click",
        },
        {
            trigger: `${offer("Far Vendor")}:contains(not chosen)`,
        },
        {
            trigger: ".o_quotes_order",
            run: "click",
        },
        {
            content: "It is said what happens",
            trigger: ".modal:contains(goes to its approvers):contains(cancelled) .btn-primary",
            run: "click",
        },
        {
            content: "It waits for its approval, and nothing can be chosen any more",
            trigger: `${quote("Near Vendor")}:contains(To Approve):not(:has(.o_quote_choose))`,
        },
        {
            trigger: ".o_quote_earlier",
            run: "click",
        },
        {
            content: "What was not chosen is kept",
            trigger:
                ".o_data_row:contains(Far Vendor):contains(Not Chosen)," +
                ".o_kanban_record:contains(Far Vendor):contains(Not Chosen)",
        },
    ],
});

// A buyer takes over what a vendor has answered.
tours.add("crm_purchase_bridge_take_over", {
    steps: () => [
        {
            content: "The order says that the vendor answered",
            trigger: ".o_vendor_answers:contains(other quantities or prices)",
        },
        {
            trigger: ".o_vendor_answers button[name=action_take_over_answers]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_vendor_answers:visible))",
        },
    ],
});

// A vendor, who has no log-in, answers about price, quantity and day.
tours.add("crm_purchase_bridge_vendor_answers", {
    steps: () => [
        {
            trigger: ".o_vendor_line input[name^=price_]",
            run: "edit 95.5",
        },
        {
            trigger: ".o_vendor_line input[name^=quantity_]",
            run: "edit 8",
        },
        {
            trigger: ".o_vendor_dates button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is taken down, as a proposal",
            trigger: ".o_vendor_thanks",
        },
        {
            trigger: ".o_vendor_line:contains(The buyer looks at what you propose)",
        },
    ],
});
