import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Wait for a row of a list, or a card, that has all of the words. */
function shows(content, ...words) {
    const has = words.map((word) => `:contains(${word})`).join("");
    return {content, trigger: `.o_data_row${has}, .o_kanban_record${has}`};
}

/** Open what a small screen keeps behind "More". */
const more = {
    content: "Open the other buttons",
    trigger: ".o_button_more",
    isActive: ["mobile"],
    run: "click",
};

function openSmart(name) {
    return [more, {content: `Open ${name}`, trigger: `button[name=${name}]`, run: "click"}];
}

/** Fail if the words reach over the edge of the screen. */
function fits(trigger) {
    return {
        content: "It fits on the screen",
        trigger,
        run() {
            const {left, right} = this.anchor.getBoundingClientRect();
            if (left < 0 || right > window.innerWidth) {
                throw new Error(`from ${left} to ${right} of ${window.innerWidth}`);
            }
        },
    };
}

// The buyer opens a purchase that serves two customers.
tours.add("supply_link_buyer_sees_who_waits", {
    steps: () => [
        {
            content: "The line says how many customers it serves",
            trigger: ".o_supply_customers:contains(2 customers)",
        },
        fits(".o_supply_customers"),
        {
            content: "Who are they?",
            trigger: ".o_supply_customers:contains(2 customers)",
            run: "click",
        },
        shows("The hospital, with what it was bought for", "Bach Mai Hospital", "Bought For It"),
        shows("The clinic", "Viet Duc Clinic"),
    ],
});

// The storekeeper lends the goods of one delivery to another one that waits.
tours.add("supply_link_storekeeper_lends", {
    steps: () => [
        ...openSmart("action_view_supply_swaps"),
        shows("Who can lend, and until when it can wait", "Viet Duc Clinic"),
        fits("button[name=action_lend]"),
        {
            content: "Lend",
            trigger: "button[name=action_lend]",
            run: "click",
        },
        {
            content: "It is lent, and is not offered any more",
            trigger: ".o_action:not(:has(button[name=action_lend])):contains(Viet Duc Clinic)",
        },
    ],
});

// The salesperson sees from where the goods of an order come.
tours.add("supply_link_salesperson_sees_goods", {
    steps: () => [
        {
            content: "The line says that the goods are on their way",
            trigger: ".o_supply_customers:contains(On Its Way)",
        },
        fits(".o_supply_customers"),
        {
            content: "With which purchase?",
            trigger: ".o_supply_customers:contains(On Its Way)",
            run: "click",
        },
        shows("It gets them when its turn comes", "Its Turn in the Stock"),
        {
            content: "Nothing leads to the purchase",
            trigger: ".o_action:not(:has(button[name=action_open_purchase]))",
        },
    ],
});

tours.add("supply_link_list_is_being_built", {
    steps: () => [
        shows("An order that waits", "Bach Mai Hospital"),
        {content: "There may be more", trigger: ".o_supply_filling:contains(Being built)"},
    ],
});

// A click on a row leads to its goods, part by part.
tours.add("supply_link_list_is_complete", {
    steps: () => [
        {
            content: "Nothing says that orders are missing",
            trigger: ".o_action:contains(Bach Mai Hospital):not(:has(.o_supply_filling))",
        },
        {
            content: "From where do the goods come?",
            trigger: ".o_data_row:contains(Wheelchair) td[name=product_id]",
            run: "click",
        },
        shows("They are missing", "Bach Mai Hospital", "Missing"),
    ],
});
