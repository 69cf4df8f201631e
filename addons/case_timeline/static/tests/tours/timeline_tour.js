import {registry} from "@web/core/registry";

const openTimeline = [
    {
        isActive: ["mobile"],
        trigger: ".o_form_view .o_button_more",
        run: "click",
    },
    {
        content: "Open the story",
        trigger: "button.o_timeline_button",
        run: "click",
    },
];

function scrollThere() {
    this.anchor.scrollIntoView();
}

// Customer care has the customer on the telephone.
registry.category("web_tour.tours").add("case_timeline_care", {
    steps: () => [
        ...openTimeline,
        {
            content: "For whom it waits is the first thing to read",
            trigger: ".o_timeline_waiting:contains('Waits for Vendor')",
        },
        {
            content: "What happened in purchasing is there, and no price of it",
            trigger:
                ".o_timeline_event[data-kind='purchase.ordered']:not(:has(.o_timeline_amount)):not(:has(.o_timeline_open))",
        },
        {
            content: "Look for something",
            trigger: ".o_timeline_search input",
            run: "edit confirmed",
        },
        {
            trigger:
                ".o_timeline_feed:not(:has([data-kind='purchase.ordered'])) .o_timeline_event[data-kind='sale.confirmed']",
        },
        {
            content: "Nothing is said plainly",
            trigger: ".o_timeline_search input",
            run: "edit xyzzy",
        },
        {
            trigger: ".o_timeline_empty .o_timeline_clear",
            run: "click",
        },
        {
            trigger: ".o_timeline_event[data-kind='purchase.ordered']",
        },
        {
            content: "Open what it is about",
            trigger: "[data-kind='sale.confirmed'] .o_timeline_open",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=partner_id]",
        },
    ],
});

// Who has the order now, and since when, is in the story and found by the name.
registry.category("web_tour.tours").add("case_timeline_given", {
    steps: () => [
        ...openTimeline,
        {
            trigger: ".o_timeline_waiting:contains('Waits for Customer Care'):contains('Huong')",
        },
        {
            content: "That it was given is one of the things that happened",
            trigger: ".o_timeline_event[data-kind='sale.holder']:contains('handed over to Huong')",
        },
        {
            trigger: ".o_timeline_search input",
            run: "edit huong",
        },
        {
            trigger:
                ".o_timeline_feed:not(:has([data-kind='sale.quoted'])) .o_timeline_event[data-kind='sale.holder']",
        },
    ],
});

// What is older comes by itself, to the beginning of the story.
registry.category("web_tour.tours").add("case_timeline_pages", {
    steps: () => [
        ...openTimeline,
        {
            trigger: ".o_timeline_feed:not(:has(.o_timeline_end)) [data-index='29']",
            run: scrollThere,
        },
        {
            trigger: ".o_timeline_feed:not(:has(.o_timeline_end)) [data-index='59']",
            run: scrollThere,
        },
        {
            trigger: ".o_timeline_feed:has([data-kind='sale.quoted']) .o_timeline_end",
        },
        {
            content: "Nothing is there twice",
            trigger: ".o_timeline_feed:has([data-index='70']):not(:has([data-index='75']))",
        },
    ],
});

// The keyboard does, without the mouse.
registry.category("web_tour.tours").add("case_timeline_keyboard", {
    steps: () => [
        {
            trigger: ".o_timeline_event",
            run: "press j",
        },
        {
            trigger: ".o_timeline_chosen[data-index='0']",
            run: "press ArrowDown",
        },
        {
            trigger: ".o_timeline_chosen[data-index='1']",
            run: "press k",
        },
        {
            trigger: ".o_timeline_chosen[data-index='0']",
            run: "press j",
        },
        {
            trigger: ".o_timeline_chosen[data-index='1']",
            run: "press ArrowUp",
        },
        {
            trigger: ".o_timeline_chosen[data-index='0']",
            run: "press /",
        },
        {
            content: "Out of the search by each key",
            trigger: ".o_timeline_search input:focus",
            run: "press Escape",
        },
        {
            trigger: ".o_timeline_search:not(:has(input:focus))",
            run: "press /",
        },
        {
            trigger: ".o_timeline_search input:focus",
            run: "press ArrowDown",
        },
        {
            trigger: ".o_timeline_search:not(:has(input:focus))",
            run: "press /",
        },
        {
            trigger: ".o_timeline_search input:focus",
            run: "edit quotation",
        },
        {
            trigger:
                ".o_timeline_feed:not(:has([data-kind='sale.confirmed'])) .o_timeline_event[data-kind='sale.quoted']",
        },
        {
            trigger: ".o_timeline_search input",
            run: "press Enter",
        },
        {
            trigger: ".o_timeline_chosen[data-kind='sale.quoted']",
            run: "press Enter",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=partner_id]",
        },
    ],
});

// Who held it, and how long: at the desk.
registry.category("web_tour.tours").add("case_timeline_lanes", {
    steps: () => [
        {
            trigger: ".o_timeline_tab_lanes",
            run: "click",
        },
        {
            content: "Customer care has it, and what it waited for is joined up",
            trigger:
                ".o_timeline_lanes:has(.o_timeline_path) [data-department='care'] .o_timeline_running",
        },
        {
            content: "The deadline is drawn, and now, and what the customer was told",
            trigger: ".o_timeline_mark_label.o_timeline_mark_deadline",
        },
        {
            trigger: ".o_timeline_mark_label.o_timeline_mark_today",
        },
        {
            trigger: ".o_timeline_mark_label.o_timeline_mark_told",
        },
        {
            content: "So is what is likely",
            trigger: ".o_timeline_mark_label.o_timeline_mark_likely",
        },
        {
            trigger: "[data-zoom='week']",
            run: "click",
        },
        {
            content: "From one to the next by keys",
            trigger: "[data-zoom='week'].active",
            run: "press ArrowRight",
        },
        {
            content: "Show more of the time",
            trigger: "[data-department='care'] .o_timeline_span:focus",
            run: "press -",
        },
        {
            content: "And less of it again",
            trigger:
                "body:has([data-zoom='month'].active) [data-department='care'] .o_timeline_span",
            run() {
                // hoot takes a plus for what stands between keys
                this.anchor.dispatchEvent(
                    new KeyboardEvent("keydown", {key: "+", bubbles: true})
                );
            },
        },
        {
            trigger: "[data-zoom='week'].active",
        },
        {
            content: "Look at a time",
            trigger: "[data-department='care'] .o_timeline_span",
            run: "hover",
        },
        {
            trigger: ".o_timeline_shown:contains('Customer Care'):contains('working hours')",
        },
        {
            content: "Open the document",
            trigger: "[data-department='care'] .o_timeline_span",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=partner_id]",
        },
    ],
});

const key = (name) => () =>
    // hoot takes a plus for what stands between keys
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true}));

// All keys of the lanes, from wherever one comes: nothing of them is clicked before.
registry.category("web_tour.tours").add("case_timeline_lanes_keyboard", {
    steps: () => [
        {
            trigger: ".o_timeline_tab_lanes",
            run: "click",
        },
        {
            content: "From one to the next, whatever lane it is in",
            trigger: "[data-department='vendor'] .o_timeline_span",
            run: key("ArrowRight"),
        },
        {
            trigger: "[data-department='stock'] .o_timeline_span:first-child:focus",
            run: "press j",
        },
        {
            trigger: "[data-department='vendor'] .o_timeline_span:first-child:focus",
            run: "press ArrowRight",
        },
        {
            trigger: "[data-department='stock'] .o_timeline_span:nth-child(2):focus",
            run: "press k",
        },
        {
            trigger: "[data-department='vendor'] .o_timeline_span:first-child:focus",
            run: "press ArrowLeft",
        },
        {
            content: "It stops at the first one",
            trigger: "[data-department='stock'] .o_timeline_span:first-child:focus",
            run: "press k",
        },
        {
            content: "Nearer, and nearer again",
            trigger: "[data-department='stock'] .o_timeline_span:first-child:focus",
            run: key("+"),
        },
        {
            trigger: "[data-zoom='month'].active",
            run: key("+"),
        },
        {
            trigger: "[data-zoom='week'].active",
            run: key("-"),
        },
        {
            content: "Look at the beginning, months ago",
            trigger: "[data-zoom='month'].active",
            run() {
                document.querySelector(".o_timeline_scroller").scrollLeft = 0;
            },
        },
        {
            content: "Back to now",
            trigger: ".o_timeline_mark_label.o_timeline_mark_today:not(:viewPort)",
            run: key("t"),
        },
        {
            trigger: ".o_timeline_mark_label.o_timeline_mark_today:viewPort",
        },
        {
            content: "What is marked says who, and opens",
            trigger: "[data-department='care'] .o_timeline_span",
            run() {
                this.anchor.focus();
            },
        },
        {
            trigger:
                "body:has(.o_timeline_shown:contains('Customer Care')) [data-department='care'] .o_timeline_span:focus",
            run: "press Enter",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=partner_id]",
        },
    ],
});

// The list of a customer's cases has its own keys; so has what is typed elsewhere.
registry.category("web_tour.tours").add("case_timeline_lanes_cases", {
    steps: () => [
        {
            trigger: ".o_timeline_tab_lanes",
            run: "click",
        },
        {
            trigger: ".o_timeline_lanes:has(.o_timeline_span) .o_timeline_case",
            run() {
                this.anchor.focus();
            },
        },
        {
            trigger: ".o_timeline_case:focus",
            run: "press j",
        },
        {
            content: "No time was marked by it",
            trigger: ".o_timeline_lanes:not(:has(.o_timeline_span:focus)) .o_timeline_case:focus",
            run: "selectByIndex 1",
        },
        {
            content: "The older case, which is found by its span",
            trigger:
                ".o_timeline_lanes:has([data-department='vendor']) [data-department='stock'] .o_timeline_span",
        },
    ],
});

// Thousands of spans are few, until somebody looks into them.
registry.category("web_tour.tours").add("case_timeline_many_lanes", {
    steps: () => [
        {
            trigger: ".o_timeline_tab_lanes",
            run: "click",
        },
        {
            trigger: "[data-department='vendor'] .o_timeline_span:contains('2500 times')",
            run: "click",
        },
        {
            content: "A part of the time, in which there are fewer",
            trigger:
                ".o_timeline_lanes:has(.o_timeline_turn) [data-department='vendor'] .o_timeline_span:not(:contains('2500 times'))",
            run: "click",
        },
        {
            trigger: ".o_timeline_turn [aria-label='Later']",
            run: "click",
        },
        {
            content: "Back to all of it",
            trigger: "[data-zoom='fit']",
            run: "click",
        },
        {
            trigger:
                ".o_timeline_lanes:not(:has(.o_timeline_turn)) [data-department='vendor'] .o_timeline_span:contains('2500 times')",
        },
    ],
});

// A phone has no room for lanes.
registry.category("web_tour.tours").add("case_timeline_no_lanes", {
    steps: () => [
        {
            trigger: ".o_timeline_feed .o_timeline_event",
        },
        {
            trigger: "body:not(:has(.o_timeline_tab_lanes))",
        },
    ],
});

// A buyer reads the story of a purchase, with its prices and without its customers.
registry.category("web_tour.tours").add("case_timeline_buyer", {
    steps: () => [
        ...openTimeline,
        {
            trigger: ".o_timeline_event[data-kind='purchase.ordered'] .o_timeline_amount",
        },
        {
            trigger: ".o_timeline_feed:not(:has([data-kind^='sale.']))",
        },
    ],
});

// A salesperson reads the story of a customer, department by department.
registry.category("web_tour.tours").add("case_timeline_sales", {
    steps: () => [
        ...openTimeline,
        {
            trigger: "[data-kind='sale.confirmed'] .o_timeline_amount",
        },
        {
            content: "Only what the buyers did",
            trigger: ".o_timeline_departments [data-key='purchase']",
            run: "click",
        },
        {
            trigger:
                ".o_timeline_feed:not(:has([data-kind='sale.confirmed'])) [data-kind='purchase.ordered']",
        },
        {
            trigger: ".o_timeline_departments [data-key='purchase'].active",
            run: "click",
        },
        {
            content: "Only what is about orders",
            trigger: ".o_timeline_kind",
            run: "select sale",
        },
        {
            trigger:
                ".o_timeline_feed:not(:has([data-kind='purchase.ordered'])) [data-kind='sale.confirmed']",
        },
        {
            content: "On a day before all of it there was nothing",
            trigger: ".o_timeline_day",
            run() {
                this.anchor.value = "2001-01-01";
                this.anchor.dispatchEvent(new Event("change"));
            },
        },
        {
            trigger: ".o_timeline_feed:not(:has(.o_timeline_event)) .o_timeline_newer",
            run: "click",
        },
        {
            trigger: "[data-kind='sale.confirmed']",
        },
    ],
});

// A salesperson reads what came of an opportunity: its orders, and what served them.
registry.category("web_tour.tours").add("case_timeline_opportunity", {
    steps: () => [
        ...openTimeline,
        {
            content: "One order waits for the vendor, the other for customer care",
            trigger: ".o_timeline_waiting:contains('Waits for Vendor')",
        },
        {
            trigger: ".o_timeline_waiting:contains('Waits for Customer Care')",
        },
        {
            content: "What was ordered of it has its price",
            trigger: ".o_timeline_event[data-kind='sale.confirmed'] .o_timeline_amount",
        },
        {
            content: "What was bought for that is there, too, and no price of it",
            trigger:
                ".o_timeline_event[data-kind='purchase.ordered']:not(:has(.o_timeline_amount))",
        },
        {
            content: "Back to the opportunity",
            trigger: "[data-kind='lead.made'] .o_timeline_open",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=expected_revenue]",
        },
    ],
});
