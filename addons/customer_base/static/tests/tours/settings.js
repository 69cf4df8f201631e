import {registry} from "@web/core/registry";

const SETTING = ".o_field_widget[name=own_customers] input";
const UNOWNED = ".o_field_widget[name=see_unowned_customers]";

/** A click, and what is saved. */
function set(before, after, shown) {
    return [
        {
            trigger: `${SETTING}${before}`,
            run: "click",
        },
        {
            content: "what only matters while it is on is there, or is not",
            trigger: `${shown} .o_form_button_save`,
            async run({click}) {
                document.body.classList.add("o_before_saving");
                await click();
            },
            expectUnloadPage: true,
        },
        {
            content: "it is saved: the page was opened anew",
            trigger: `body:not(.o_before_saving) ${SETTING}${after}`,
        },
    ];
}

registry.category("web_tour.tours").add("customer_base_switch_on", {
    steps: () => set(":not(:checked)", ":checked", `body:has(${UNOWNED})`),
});

registry.category("web_tour.tours").add("customer_base_switch_off", {
    steps: () => set(":checked", ":not(:checked)", `body:not(:has(${UNOWNED}))`),
});

/** Of two customers one's own is in the list; whether a colleague's is, too. */
function see(isAll) {
    const theirs = isAll ? ":contains(Customer of Nam)" : ":not(:contains(Customer of Nam))";
    return [
        {
            content: isAll ? "a colleague's is seen as well" : "a colleague's is not seen",
            trigger: `.o_view_controller:contains(Customer of Mai)${theirs}`,
        },
    ];
}

registry.category("web_tour.tours").add("customer_base_see_all", {
    steps: () => see(true),
});

registry.category("web_tour.tours").add("customer_base_see_own", {
    steps: () => see(false),
});
