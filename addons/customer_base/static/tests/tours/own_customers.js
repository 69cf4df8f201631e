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

/** What one has of four customers, and who is found by it. */
const KNOWN = [
    ["dang thi huong", "Đặng Thị Hường"],
    ["0346.545.327", "Lê Văn Hùng"],
    ["0100 233 488", "Công ty TNHH An Phát"],
    ["own/0007", "Phạm Quốc Bảo"],
];
/** Each of them has a twin whom a colleague owns, whose name ends so. */
const TWIN = "của Nam";

/** Look for somebody where one types: who has this is offered, and nobody of others. */
async function lookInList(field, [text, name], {edit, queryAll, waitUntil}) {
    // without what offers to make somebody who is called as what was typed
    const shown = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)";
    await edit(text, `${field} input`);
    const read = () => queryAll(shown).map((one) => one.textContent);
    await waitUntil(() => read().some((one) => one.includes(name)), {timeout: 15000});
    return read();
}

/** Look for somebody on a phone: in the window that opens. */
async function lookInWindow(field, [text, name], helpers) {
    const {click, edit, press, queryAll, waitFor, waitUntil} = helpers;
    const shown = ".modal .o_kanban_record:not(.o_kanban_ghost)";
    const read = () => queryAll(shown).map((one) => one.textContent);
    const input = ".modal .o_searchview_input";
    await click(`${field} input`);
    await waitFor(".modal .o_kanban_renderer", {timeout: 15000});
    if (!queryAll(input).length) {
        await click(".modal .o_control_panel button:has(.fa-search)");
        await waitFor(input);
    }
    await edit(text, input);
    await waitFor(".o_searchview_autocomplete .o-dropdown-item, .o_searchview_autocomplete li");
    await press("Enter");
    // those from before the search are called otherwise
    await waitUntil(
        () => {
            const texts = read();
            return texts.length && texts.every((one) => one.includes(name));
        },
        {timeout: 15000}
    );
    const texts = read();
    await click(".modal .o_form_button_cancel");
    await waitUntil(() => !queryAll(".modal .o_kanban_renderer").length);
    return texts;
}

/**
 * Look for each customer by what one has: found, and the twin is not.
 *
 * @param {string} field selector of what the input is in
 */
function lookFor(field) {
    return KNOWN.map((known) => ({
        content: `${known[0]} finds ${known[1]}`,
        trigger: `${field} input`,
        timeout: 60000,
        async run(helpers) {
            const look = this.anchor.readOnly ? lookInWindow : lookInList;
            const texts = await look(field, known, helpers);
            if (texts.some((text) => text.includes(TWIN))) {
                throw new Error(`${known[0]} finds who is hidden: ${texts.join(", ")}`);
            }
            noError(known[0]);
        },
    }));
}

registry.category("web_tour.tours").add("customer_base_find", {
    steps: () => [
        ...lookFor(".o_field_widget[name=partner_id]"),
        choose("partner_id", "Lê Văn Hùng", "Lê Văn Hùng"),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_find_recipients", {
    steps: () => [
        press("action_quotation_send"),
        {
            trigger: ".modal .o_field_widget[name=partner_ids]:contains(Đặng Thị Hường)",
        },
        ...lookFor(".modal:not(.o_inactive_modal) .o_field_widget[name=partner_ids]"),
        choose("partner_ids", "Lê Văn Hùng", "Lê Văn Hùng"),
        {
            trigger: ".modal .o_field_widget[name=partner_ids]:contains(Lê Văn Hùng)",
        },
        {
            trigger: ".modal button[name=action_send_mail]",
            run: "click",
        },
        {
            content: "who got it stands in the chatter",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains(Beds for Huong)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_base_find_attendees", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Visit",
        },
        ...lookFor(".o_field_widget[name=partner_ids]"),
        choose("partner_ids", "Đặng Thị Hường", "Đặng Thị Hường"),
        {
            trigger: ".o_field_widget[name=partner_ids]:contains(Đặng Thị Hường)",
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

// Whose calendars are shown beside one's own; a colleague invited somebody hidden, too.
registry.category("web_tour.tours").add("customer_base_find_calendars", {
    steps: () => [
        {
            trigger: ".fc-event:contains(Fair of Nam)",
            run: "click",
        },
        {
            content: "of those who come, whom one may see",
            trigger: [".o_cw_popover", ".modal"]
                .map((window) => `${window}:contains(Organized by):not(:contains(${TWIN}))`)
                .join(),
        },
        {
            trigger: ".o_cw_popover_close, .modal .modal-header button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_cw_popover)):not(:has(.modal))",
        },
        {
            content: "a phone keeps the others behind its list",
            trigger: ".o_calendar_view",
            async run({click, queryAll, waitFor}) {
                if (!queryAll(".o_calendar_filter").length) {
                    await click(".o_other_calendar_panel");
                    await waitFor(".o_calendar_filter", {timeout: 15000});
                }
            },
        },
        ...lookFor(".o_calendar_filter[data-name=partner_ids] .o-autocomplete"),
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Phạm Quốc Bảo)",
            run: "click",
        },
        {
            content: "the calendar of who was chosen is shown as well",
            trigger: ".o_calendar_filter_item:contains(Phạm Quốc Bảo) input:checked",
        },
    ],
});

/** Open a page by its menu: a phone keeps all of an app's behind one button. */
function openMenu(app, section, item) {
    return {
        content: `the menu has ${item}`,
        trigger: ".o_main_navbar",
        timeout: 60000,
        async run({click, queryAll, waitFor}) {
            const {menu} = odoo.__WOWL_DEBUG__.root.env.services;
            await menu.selectMenu(menu.getApps().find(({xmlid}) => xmlid === app));
            const opener = `.o_menu_sections button[data-menu-xmlid="${section}"]`;
            const toggle = ".o_main_navbar a.o_menu_toggle";
            await waitFor(`:is(${opener}, ${toggle})`, {timeout: 20000});
            await click(queryAll(opener).length ? opener : toggle);
            const found = `[data-menu-xmlid="${item}"]`;
            await waitFor(found, {timeout: 20000});
            await click(found);
        },
    };
}

// Who leads a team finds its customers, and gives one to somebody else of the team.
registry.category("web_tour.tours").add("customer_base_team", {
    steps: () => [
        openMenu(
            "crm.crm_menu_root",
            "crm.crm_menu_sales",
            "customer_base.customer_team_menu"
        ),
        {
            content: "customers stand below who owns them, and nobody else's is there",
            trigger: `.o_breadcrumb:contains(Customers of My Team),
                .o_control_panel:contains(Customers of My Team)`,
            timeout: 30000,
            async run({click, queryAll, waitFor, waitUntil}) {
                const group = ".o_group_header:contains(access-mai), .o_kanban_group";
                await waitFor(group, {timeout: 15000});
                const row = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)";
                if (!queryAll(row).length) {
                    await click(".o_group_header:contains(access-mai)");
                }
                const texts = () => queryAll(row).map((one) => one.textContent);
                await waitUntil(() => texts().some((text) => text.includes("Mine")), {
                    timeout: 15000,
                });
                if (texts().some((text) => text.includes("Hidden"))) {
                    throw new Error(`${texts().join()}: not of the team`);
                }
                noError("Customers of My Team");
                const mine = queryAll(row).find((one) => one.textContent.includes("Mine"));
                await click(mine.querySelector("td[name=complete_name]") || mine);
            },
        },
        {
            trigger: ".o_form_view .o_notebook_headers",
            async run({click}) {
                await click(".o_notebook_headers a[name=sales_purchases]");
            },
        },
        choose("user_id", "access-bao", "access-bao"),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
