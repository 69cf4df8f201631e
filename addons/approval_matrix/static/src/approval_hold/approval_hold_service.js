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

/** Returns the call that decides, as the server wants it. */
function prepareCall({requests, decision, text}, isLeaving = false) {
    return {
        model: "approval.process",
        method: "action_decide",
        args: [requests, decision, text, isLeaving],
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

/** Returns how one speaks of what is decided. */
export function nameRequests({names}) {
    return names.length > 1 ? _t("%s requests", names.length) : names[0];
}

/**
 * Returns the decisions that are held back, of which each may be about several requests.
 *
 * @param {Map} held: of the service
 */
export function listHeld(held) {
    return [...held]
        .filter(([request, {requests}]) => request === requests[0])
        .map(([, decision]) => decision);
}

/**
 * Holds decisions back for some seconds, so that a slip of the finger can be undone.
 * Whoever leaves the page, or turns to another one, has decided: it is sent. The server
 * knows nothing of it: whatever else calls it decides at once.
 */
export const approvalHoldService = {
    dependencies: ["action", "notification", "orm"],

    start(env, {action, notification, orm}) {
        /** By request: one decision about several stands there for each. */
        const held = reactive(new Map());
        const listeners = new Set();
        /** What stands in the box for a comment, by request. */
        const drafts = reactive(new Map());
        /**
         * Why a request was to be rejected, when that was undone or did not go, by
         * request: whoever approves it after all says nothing of the kind.
         */
        const reasons = new Map();

        /**
         * Lets those who show these requests look at them again, and only then at others.
         *
         * @param {Array} requests
         * @param {Boolean} isDecided: whether they were just decided, in a dialog
         */
        async function tell(requests, isDecided = false) {
            const calls = [...listeners].map((listener) => listener(requests, isDecided));
            await Promise.allSettled(calls);
        }

        /** What was written is there again; where nothing was, what stands there stays. */
        function keepText({requests, decision, text}) {
            const texts = decision === "approve" ? drafts : reasons;
            if (text) {
                requests.forEach((request) => texts.set(request, text));
            }
        }

        function forget({requests}) {
            requests.forEach((request) => held.delete(request));
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

        /** @param {String} text: why it, or which of several, was not decided */
        function tellRefused(decision, text) {
            const name = nameRequests(decision);
            const isApproval = decision.decision === "approve";
            let title = isApproval
                ? _t("%s was not approved", name)
                : _t("%s was not rejected", name);
            if (decision.requests.length > 1) {
                title = isApproval
                    ? _t("Not all of %s were approved", name)
                    : _t("Not all of %s were rejected", name);
            }
            const open = () => action.doAction("approval_matrix.approval_task_action");
            notification.add(text, {
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
            const {model, method, args} = prepareCall(decision);
            try {
                const result = await orm.silent.call(model, method, args);
                if (result?.context) {
                    // no dialog: somebody may be typing in another one meanwhile
                    const {default_result: lines, left_ids: requests} = result.context;
                    keepText({...decision, requests});
                    tellRefused(decision, lines);
                }
            } catch (error) {
                const {arguments: texts, message} = error.data || error;
                keepText(decision);
                tellRefused(decision, texts?.[0] || message);
            }
            await tell(decision.requests);
            forget(decision);
        }

        /**
         * What is held back of them already stays so: those that are on their way are
         * decided, the others are released before, see below.
         *
         * @param {Object} decision
         * @param {Array} decision.requests: decided together; of each there may be
         *     several steps
         * @param {String} decision.decision: *approve* or *reject*
         * @param {Array} decision.names: of their documents
         * @param {String} [decision.text]: comment, or the reason: what can be read
         *     where it is decided
         */
        function decide({decision, text = "", ...told}) {
            const isFree = (_each, index) => !held.has(told.requests[index]);
            const requests = told.requests.filter(isFree);
            const names = told.names.filter(isFree);
            if (!requests.length) {
                return;
            }
            // a comment that is not sent stays in its box
            for (const request of text ? requests : []) {
                drafts.delete(request);
                reasons.delete(request);
            }
            const kept = {requests, names, decision, text, isSending: false};
            kept.timer = browser.setTimeout(() => send(kept.requests[0]), hold.delay);
            requests.forEach((request) => held.set(request, kept));
        }

        /**
         * Approves what is ticked, unless the server has something to ask, or to tell,
         * before that.
         *
         * @param {Array} tasks: their ids
         * @returns {Boolean} whether it is held back now
         */
        async function approveSelected(tasks) {
            const method = "get_selected_to_hold";
            const requests = await orm.call("approval.task", method, [tasks]);
            if (requests) {
                for (const [request] of requests) {
                    await release(request);
                }
                decide({
                    requests: requests.map(([request]) => request),
                    decision: "approve",
                    names: requests.map(([, name]) => name),
                });
            }
            return Boolean(requests);
        }

        /** Takes it back, for all that were decided together, if it is not on its way. */
        async function undo(request) {
            const decision = take(request);
            if (decision) {
                forget(decision);
                keepText(decision);
                await tell(decision.requests);
            }
        }

        /** What is decided otherwise now is not sent; what was decided with it is. */
        async function release(request) {
            const decision = held.get(request);
            if (!decision || decision.isSending || decision.requests.length === 1) {
                await undo(request);
                return;
            }
            const {names, requests} = decision;
            const isOther = (_each, index) => requests[index] !== request;
            decision.names = names.filter(isOther);
            decision.requests = requests.filter(isOther);
            held.delete(request);
        }

        function leave() {
            for (const request of [...held.keys()]) {
                const decision = take(request);
                if (decision) {
                    sendLast(prepareCall(decision, true));
                    forget(decision);
                    browser.setTimeout(() => tell(decision.requests), STAYED);
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
        return {
            held,
            drafts,
            reasons,
            listeners,
            decide,
            approveSelected,
            undo,
            release,
            tell,
        };
    },
};

registry.category("services").add("approval_hold", approvalHoldService);

/** Calls back, while the component is there, with the requests sent or undone. */
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
