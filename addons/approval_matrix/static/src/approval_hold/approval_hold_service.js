import {onMounted, onWillUnmount, reactive, useState} from "@odoo/owl";
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

/** Returns the call that decides a request, as the server wants it. */
function prepareCall(request, {decision, text}, isLeaving = false) {
    return {
        model: "approval.process",
        method: "action_decide",
        args: [[request], decision, text, isLeaving],
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
 * Holds decisions back for some seconds, so that a slip of the finger can be undone.
 * Whoever leaves the page, or turns to another one, has decided: it is sent. The server
 * knows nothing of it: whatever else calls it decides at once.
 */
export const approvalHoldService = {
    dependencies: ["action", "notification", "orm"],

    start(env, {action, notification, orm}) {
        const held = reactive(new Map());
        const listeners = new Set();
        /** What was written for a decision that is not sent, by request. */
        const drafts = reactive(new Map());

        /**
         * Lets those who show a request look at it again, and only then at others.
         *
         * @param {Boolean} isDecided: whether it was just decided, in a dialog
         */
        async function tell(request, isDecided = false) {
            const calls = [...listeners].map((listener) => listener(request, isDecided));
            await Promise.allSettled(calls);
        }

        /** Returns what is held back of a request, unless it is on its way. */
        function take(request) {
            const decision = held.get(request);
            if (!decision || decision.isSending) {
                return null;
            }
            browser.clearTimeout(decision.timer);
            return decision;
        }

        function tellRefused({decision, name}, error) {
            const {arguments: texts, message} = error.data || error;
            const isApproval = decision === "approve";
            const title = isApproval
                ? _t("%s was not approved", name)
                : _t("%s was not rejected", name);
            const open = () => action.doAction("approval_matrix.approval_task_action");
            notification.add(texts?.[0] || message, {
                title,
                type: "danger",
                sticky: true,
                buttons: [{name: _t("My Approvals"), onClick: open}],
            });
        }

        async function send(request) {
            const decision = take(request);
            if (!decision) {
                return;
            }
            decision.isSending = true;
            const {model, method, args} = prepareCall(request, decision);
            try {
                await orm.silent.call(model, method, args);
            } catch (error) {
                drafts.set(request, decision.text);
                tellRefused(decision, error);
            }
            await tell(request);
            held.delete(request);
        }

        /**
         * @param {Object} decision
         * @param {Number} decision.request: one at a time, of which there may be
         *     several steps
         * @param {String} decision.decision: *approve* or *reject*
         * @param {String} decision.name: of the document
         * @param {String} [decision.text]: comment, or the reason; what was drafted
         */
        function decide({request, decision, name, text = drafts.get(request) || ""}) {
            if (!held.has(request)) {
                drafts.delete(request);
                const timer = browser.setTimeout(() => send(request), hold.delay);
                held.set(request, {decision, name, text, timer, isSending: false});
            }
        }

        /** Takes it back, if it is not on its way yet. */
        async function undo(request) {
            const decision = take(request);
            if (decision) {
                held.delete(request);
                drafts.set(request, decision.text);
                await tell(request);
            }
        }

        function leave() {
            for (const request of [...held.keys()]) {
                const decision = take(request);
                if (decision) {
                    sendLast(prepareCall(request, decision, true));
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
        return {held, drafts, listeners, decide, undo, tell};
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

/**
 * Returns a state that says if what has just appeared *answers*: a second tap on where
 * it appears was meant for something else.
 */
export function useSecondTap() {
    const state = useState({answers: false});
    const timer = browser.setTimeout(() => {
        state.answers = true;
    }, SECOND_TAP);
    onWillUnmount(() => browser.clearTimeout(timer));
    return state;
}
