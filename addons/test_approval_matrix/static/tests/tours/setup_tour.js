import {fitsOnScreen} from "@approval_matrix/../tests/tours/steps";
import {registry} from "@web/core/registry";

const fill = (id, value) => ({
    content: `Fill ${id}`,
    trigger: `.o_approval_setup #setup_${id}`,
    run: `edit ${value}`,
});

// The first rule with its approver, who gets a log-in, and who would be asked.
registry.category("web_tour.tours").add("test_approval_matrix_set_up", {
    steps: () => [
        {
            content: "It says that two people are needed",
            trigger: ".o_approval_setup .alert:contains(Two people are needed)",
        },
        {
            content: "Of which documents",
            trigger: ".o_approval_setup #setup_model",
            run: "select test.approval.document",
        },
        fill("amount", 1000),
        {
            content: "The amount is said as people write it",
            trigger: ".o_approval_setup .form-text:contains(1,000)",
        },
        {
            content: "Somebody new approves",
            trigger: ".o_approval_setup #setup_user",
            run: "selectByLabel New person",
        },
        fill("name", "Lan"),
        fill("login", "lan"),
        fill("password", "hoa-sen-26"),
        fitsOnScreen(".o_approval_setup button[name=save]"),
        {
            content: "Save",
            trigger: ".o_approval_setup button[name=save]",
            run: "click",
        },
        {
            content: "Try It says at once who is asked",
            trigger: ".o_approval_setup section[name=try]:contains(Lan)",
        },
        {
            content: "Below the amount nobody is",
            trigger: ".o_approval_setup #setup_try",
            run: "edit 999 && press Enter",
        },
        {
            content: "No approval is needed",
            trigger: ".o_approval_setup section[name=try]:contains(No rule matches)",
        },
        {
            content: "The next step is there",
            trigger: ".o_approval_setup section[name=document] button",
        },
    ],
});
