// Steps that tours of several addons take.

export const NOTHING_WAITS = {
    content: "Nothing waits any more",
    trigger: ".o_view_nocontent:contains(Nothing waits for you)",
};

/** Tick the row of a list that contains the text. */
export function selectRow(text) {
    return [
        {
            content: `Select ${text}`,
            trigger: `.o_data_row:contains(${text}) .o_list_record_selector input`,
            run: "click",
        },
        {
            content: `${text} is selected`,
            trigger: `.o_data_row_selected:contains(${text})`,
        },
    ];
}

/** Fail if a button cannot be reached without scrolling sideways. */
export function fitsOnScreen(trigger) {
    return {
        content: "The buttons are on the screen",
        trigger,
        run() {
            const {right} = this.anchor.getBoundingClientRect();
            if (right > window.innerWidth) {
                throw new Error(`button ends at ${right} of ${window.innerWidth}`);
            }
        },
    };
}
