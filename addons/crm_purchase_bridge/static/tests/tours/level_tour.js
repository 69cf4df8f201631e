import {registry} from "@web/core/registry";

const inRowOrCard = (query) => `.o_data_row${query}, .o_kanban_record${query}`;
const hasLevel = (color, name) => `:has(.o_urgency_level.o_tag_color_${color}:contains(${name}))`;

// Deposits and questions: each level in its own colour, and the day it is needed by.
registry.category("web_tour.tours").add("crm_purchase_bridge_levels", {
    steps: () => [
        ...[
            [1, "Critical"],
            [2, "Urgent"],
        ].map(([color, name]) => ({
            content: `${name} has its colour, and its day`,
            trigger: inRowOrCard(`${hasLevel(color, name)}:has([name=needed_by])`),
            run() {
                const day = this.anchor.querySelector("[name=needed_by]");
                if (!/\d/.test(day.innerText)) {
                    throw new Error(`no day in “${day.innerText}”`);
                }
                const {right} = this.anchor
                    .querySelector(".o_urgency_level")
                    .getBoundingClientRect();
                if (right > window.innerWidth) {
                    throw new Error(`the level ends at ${right}`);
                }
            },
        })),
    ],
});
