// Steps that several tours take.

/** Fail where a finger would miss it, or it leaves the screen. */
export function fits(trigger) {
    return {
        content: "It fits on the screen",
        trigger,
        run() {
            const box = this.anchor.getBoundingClientRect();
            if (box.right > window.innerWidth || box.left < 0) {
                throw new Error(`${box.left} to ${box.right} of ${window.innerWidth}`);
            }
        },
    };
}

/** Press something that a phone keeps in a menu. */
function press(content, {bar, toggle, button, inMenu = button}) {
    return {
        content,
        trigger: bar,
        async run({ click, queryAll, waitFor }) {
            if (queryAll(button).length) {
                await click(button);
            } else {
                await click(toggle);
                await waitFor(inMenu);
                await click(inMenu);
            }
        },
    };
}

/** Press a button of the form's header, by its name or its text. */
export function pressInHeader(name) {
    const isName = /^[a-z_]+$/.test(name);
    return press(`Press ${name}`, {
        bar: ".o_form_view .o_statusbar_buttons",
        toggle: ".o_statusbar_buttons .dropdown-toggle",
        button: isName ? `button[name=${name}]` : `button:contains(${name})`,
    });
}

/** Press one of the buttons with figures above the form. */
export function pressInBox(name) {
    return press(`Press ${name}`, {
        bar: ".o_form_view .o-form-buttonbox",
        toggle: ".o-form-buttonbox .o_button_more",
        button: `button[name=${name}]`,
    });
}

/** Show the records in another way. */
export function switchTo(view) {
    return press(`Show the ${view}`, {
        bar: ".o_control_panel .o_cp_switch_buttons",
        toggle: ".o_cp_switch_buttons .dropdown-toggle",
        button: `.o_switch_view.o_${view.toLowerCase()}`,
        inMenu: `.o_cp_switch_buttons .o-dropdown-item:contains(${view})`,
    });
}
