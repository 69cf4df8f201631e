import {registry} from "@web/core/registry";

/** What one does side by side, wherever one came from. */
const MERGE = [
    {
        content: "both stand side by side",
        trigger: ".modal .o_customer_merge_table thead th:contains(Nguyễn Thị Lan)",
    },
    {
        content: "the other's name shall stay",
        trigger: ".modal tr:contains(Nguyen Thi Lan) td:contains(Nguyen Thi Lan) input",
        run: "click",
    },
    {
        trigger: ".modal td.table-success:contains(Nguyen Thi Lan)",
    },
    {
        trigger: ".modal button[name=action_merge]",
        run: "click",
    },
    {
        content: "who stayed is shown",
        trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=phone]",
    },
];

const UNDO = [
    {
        trigger: ".modal .btn-primary",
        run: "click",
    },
    {
        trigger: ".o_notification:contains(The merge was undone)",
    },
    {
        content: "it cannot be undone again",
        trigger: "body:not(:has(button[name=action_undo]:visible)) .o_view_controller:contains(Undone)",
    },
];

registry.category("web_tour.tours").add("customer_base_merge", {
    steps: () => [
        {
            content: "two who may be one are in the queue",
            trigger: ".o_data_row:contains(Nguyen Thi Lan) button[name=action_compare]",
            run: "click",
        },
        ...MERGE,
    ],
});

registry.category("web_tour.tours").add("customer_base_merge_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Nguyen Thi Lan)",
            run: "click",
        },
        ...MERGE,
    ],
});

registry.category("web_tour.tours").add("customer_base_undo", {
    steps: () => [
        {
            content: "what was merged can be undone",
            trigger: "button[name=action_undo]:visible",
            run: "click",
        },
        ...UNDO,
    ],
});

registry.category("web_tour.tours").add("customer_base_level", {
    steps: () => [
        {
            content: "a part of the name",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit an phat",
        },
        {
            content: "each who is offered has the level in its colour",
            trigger: ".o-autocomplete--dropdown-item:contains(An Phát) .o_customer_level.o_badge_color_3:contains(VIP)",
            run: "click",
        },
        {
            content: "and so has who was chosen",
            trigger: ".o_field_widget[name=customer_level_id] .o_badge_color_3:contains(VIP)",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});

// In a form that knows nothing of levels.
registry.category("web_tour.tours").add("customer_base_level_beside", {
    steps: () => [
        {
            trigger:
                ".o_field_widget[name=partner_id] .o_customer_level.o_badge_color_3:contains(VIP)",
        },
    ],
});
