import {registry} from "@web/core/registry";

/** Fail where an error stands in the way. */
function noError(where) {
    if (document.querySelector(".o_error_dialog, .o_notification.border-danger")) {
        throw new Error(`${where}: ${document.querySelector(".modal")?.innerText}`);
    }
}

/** Choose somebody: a phone shows a list to press on, where one cannot type. */
function choose(field, text, above) {
    return {
        content: `choose ${text}, below ${above}`,
        trigger: `.o_field_widget[name=${field}] input`,
        async run({click, edit, waitFor}) {
            let found = `.o-autocomplete--dropdown-item:contains(${above}):contains(${text})`;
            if (this.anchor.readOnly) {
                found = `.modal .o_kanban_record:contains(${text})`;
                await click(this.anchor);
            } else {
                await edit(text);
            }
            await waitFor(found, {timeout: 9000});
            await click(`${found}:first`);
        },
    };
}

/** Press a button of the form's header, which a phone keeps in a menu. */
function press(name) {
    return {
        content: `press ${name}`,
        trigger: ".o_form_view .o_statusbar_buttons",
        async run({click, queryAll, waitFor}) {
            const button = `.o_form_view button[name=${name}]`;
            if (!queryAll(button).length) {
                await click(".o_statusbar_buttons .dropdown-toggle");
                await waitFor(`button[name=${name}]`);
            }
            await click(`button[name=${name}]:first`);
        },
    };
}

// Somebody who owns ten customers enters each of their apps.
registry.category("web_tour.tours").add("customer_base_apps", {
    steps: () => [
        {
            content: "each app opens",
            trigger: ".o_main_navbar",
            timeout: 60000,
            async run({waitFor}) {
                const {menu} = odoo.__WOWL_DEBUG__.root.env.services;
                for (const app of menu.getApps()) {
                    await menu.selectMenu(app);
                    await waitFor(".o_action_manager > *", {timeout: 20000});
                    noError(app.name);
                }
            },
        },
    ],
});

// A contact of one's own, below a company of somebody else.
registry.category("web_tour.tours").add("customer_base_quotation", {
    steps: () => [
        choose("partner_id", "Own Contact", "Theirs"),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_send", {
    steps: () => [
        press("action_quotation_send"),
        {
            content: "the customer gets it, and nobody of others",
            trigger:
                ".modal .o_field_widget[name=partner_ids]:contains(Own 0):not(:contains(Hidden))",
        },
        choose("partner_ids", "Own 1", "Own 1"),
        {
            trigger: ".modal .o_field_widget[name=partner_ids]:contains(Own 1)",
        },
        {
            trigger: ".modal button[special=cancel], .modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_meeting", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Visit",
        },
        choose("partner_ids", "Own Contact", "Theirs"),
        {
            content: "who comes is shown",
            trigger: ".o_field_widget[name=partner_ids]:contains(Own Contact)",
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
