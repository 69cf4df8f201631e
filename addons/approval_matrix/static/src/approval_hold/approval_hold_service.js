import {onMounted, onWillUnmount, reactive} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

/** For how many milliseconds a decision can be taken back on the screen. */
export const hold = {delay: 5000};

/** A second tap of the same finger comes within so many, and means nothing. */
export const SECOND_TAP = 500;

/** After so many a page that did not go after all looks at what it sent. */
const STAYED = 1000;

/** Returns the call that approves a task, as the server wants it. */
function prepareCall(task) {
    return {
        model: "approval.task",
        method: "action_approve",
        args: [[task]],
        kwargs: {context: user.context},
    };
}

/** Sends a call that goes on when the page is gone. */
function sendLast(params) {
    const {model, method} = params;
    const route = `/web/dataset/call_kw/${model}/${method}`;
    const call = JSON.stringify({jsonrpc: "2.0", method: "call", params});
    const type = "application/json";
    if (!navigator.sendBeacon(route, new Blob([call], {type}))) {
        const headers = {"Content-Type": type};
        browser.fetch(route, {method: "POST", body: call, headers, keepalive: true});
    }
}

/**
 * Holds approvals back for some seconds, so that a slip of the finger can be undone.
 * Whoever leaves the page, or turns to another one, has decided: it is sent. The server
 * knows nothing of it: whatever else calls it decides at once.
 */
export const approvalHoldService = {
    dependencies: ["notification", "orm"],

    start(env, {notification, orm}) {
        const held = reactive(new Map());
        const listeners = new Set();

        /** Lets those who show a request look at it again, and only then at others. */
        async function tell(request) {
            await Promise.allSettled([...listeners].map((listener) => listener(request)));
        }

        /** Returns what is held back of a request, unless it is on its way. */
        function take(request) {
            const approval = held.get(request);
            if (!approval || approval.isSending) {
                return null;
            }
            browser.clearTimeout(approval.timer);
            return approval;
        }

        async function send(request) {
            const approval = take(request);
            if (!approval) {
                return;
            }
            approval.isSending = true;
            const {model, method, args} = prepareCall(approval.task);
            try {
                await orm.silent.call(model, method, args);
            } catch (error) {
                const {arguments: texts, message} = error.data || error;
                notification.add(texts?.[0] || message, {
                    title: _t("%s was not approved", approval.name),
                    type: "danger",
                    sticky: true,
                });
            }
            await tell(request);
            held.delete(request);
        }

        /**
         * @param {Number} request: one at a time, of which a task may be several steps
         * @param {Number} task
         * @param {String} name: of the document
         */
        function approve({request, task, name}) {
            if (!held.has(request)) {
                const timer = browser.setTimeout(() => send(request), hold.delay);
                held.set(request, {task, name, timer, isSending: false});
            }
        }

        /** Takes it back, if it is not on its way yet. */
        async function undo(request) {
            if (take(request)) {
                held.delete(request);
                await tell(request);
            }
        }

        function leave() {
            for (const request of [...held.keys()]) {
                const approval = take(request);
                if (approval) {
                    sendLast(prepareCall(approval.task));
                    held.delete(request);
                    browser.setTimeout(() => tell(request), STAYED);
                }
            }
        }

        browser.addEventListener("beforeunload", leave);
        browser.addEventListener("pagehide", leave);
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "hidden") {
                [...held.keys()].forEach(send);
            }
        });
        return {held, listeners, approve, undo};
    },
};

registry.category("services").add("approval_hold", approvalHoldService);

/** Calls back, while the component is there, with each request sent or undone. */
export function useApprovalHold(callback) {
    const service = useService("approval_hold");
    onMounted(() => service.listeners.add(callback));
    onWillUnmount(() => service.listeners.delete(callback));
    return service;
}
