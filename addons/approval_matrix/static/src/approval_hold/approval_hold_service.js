import {reactive} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/** For how many milliseconds a decision can be taken back on the screen. */
export const hold = {delay: 5000};

/** A second tap of the same finger comes within so many, and means nothing. */
export const SECOND_TAP = 500;

/** Returns the call that approves a task, as the server wants it. */
function prepareCall(task) {
    return {
        model: "approval.task",
        method: "action_approve",
        args: [[task]],
        kwargs: {context: user.context},
    };
}

/**
 * Holds approvals back for some seconds, so that a slip of the finger can be undone.
 * Leaving the page sends them, as Odoo sends what was typed last. The server knows
 * nothing of it: whatever else calls it decides at once.
 */
export const approvalHoldService = {
    dependencies: ["notification", "orm"],

    start(env, {notification, orm}) {
        const held = reactive(new Map());

        function release(request) {
            const approval = held.get(request);
            if (approval) {
                browser.clearTimeout(approval.timer);
                held.delete(request);
            }
            return approval;
        }

        async function send(request) {
            const {task, name, onDone} = release(request);
            const {model, method, args} = prepareCall(task);
            try {
                await orm.silent.call(model, method, args);
            } catch (error) {
                notification.add(error.data?.message || error.message, {
                    title: _t("%s was not approved", name),
                    type: "danger",
                    sticky: true,
                });
            }
            await onDone();
        }

        /**
         * @param {Number} request: one at a time, of which a task may be several steps
         * @param {Number} task
         * @param {String} name: of the document
         * @param {Function} onDone: called when it is sent, or undone
         */
        function approve({request, task, name, onDone}) {
            if (!held.has(request)) {
                const timer = browser.setTimeout(() => send(request), hold.delay);
                held.set(request, {task, name, onDone, timer});
            }
        }

        function undo(request) {
            return release(request)?.onDone();
        }

        browser.addEventListener("pagehide", () => {
            for (const request of [...held.keys()]) {
                const params = prepareCall(release(request).task);
                const call = JSON.stringify({jsonrpc: "2.0", method: "call", params});
                const body = new Blob([call], {type: "application/json"});
                const {model, method} = params;
                navigator.sendBeacon(`/web/dataset/call_kw/${model}/${method}`, body);
            }
        });
        return {held, approve, undo};
    },
};

registry.category("services").add("approval_hold", approvalHoldService);
