import {markRaw, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Mutex} from "@web/core/utils/concurrency";
import {useDebounced} from "@web/core/utils/timing";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {SECOND_TAP, useApprovalHold} from "../approval_hold/approval_hold_service";
import {ApprovalNews, NEWS, useBusNews} from "../approval_news/approval_news";

/** What is on the screen of a request that moved. */
const SHOWN = ["state", "can_decide", "progress", "card"];

/**
 * Loads one after the other. A load that another one overtakes never ends: whoever waits
 * for the next task, while the one before is sent or undone, would wait for ever.
 */
export class ApprovalFormModel extends formView.Model {
    setup() {
        super.setup(...arguments);
        this.loading = markRaw(new Mutex());
    }

    load(params) {
        return this.loading.exec(() => super.load(params));
    }
}

/** A task to decide: a decision is held back, and the next task follows. */
export class ApprovalFormController extends FormController {
    static template = "approval_matrix.ApprovalForm";
    static components = {...FormController.components, ApprovalNews};

    setup() {
        super.setup();
        this.hold = useApprovalHold((...news) => this.lookAgain(...news));
        this.held = useState(this.hold.held);
        this.rest = useState({isResting: false});
        this.restTimer = null;
        onWillUnmount(() => browser.clearTimeout(this.restTimer));
        this.news = useState({now: null});
        const look = useDebounced(() => this.follow(), NEWS);
        useBusNews("approval_matrix/changed", ({requests}) => {
            if (requests.includes(this.request)) {
                look();
            }
        });
    }

    get request() {
        return this.model.root.data.process_id?.id;
    }

    get className() {
        const result = super.className;
        result.o_approval_is_held = this.held.has(this.request);
        result.o_approval_is_resting = this.rest.isResting;
        return result;
    }

    get newsText() {
        return _t("This changed after you opened it.");
    }

    /** Whether the request is not as it is shown any more. */
    get isStale() {
        const {data, resId} = this.model.root;
        const {now} = this.news;
        return (
            now?.id === resId &&
            SHOWN.some((name) => JSON.stringify(now[name]) !== JSON.stringify(data[name]))
        );
    }

    /**
     * The request moved, maybe by what was done here. Nothing changes under the hand of
     * whoever decides: they are told, and reload when they like.
     */
    async follow() {
        const {data, resId, resModel} = this.model.root;
        if (this.held.has(this.request)) {
            return; // looked at again when that is sent
        }
        if (!data.can_decide) {
            await this.model.load();
            return;
        }
        const [now] = await this.orm.silent
            .read(resModel, [resId], SHOWN)
            .catch(() => [{id: resId}]); // not theirs to read any more
        this.news.now = now;
    }

    /** After what a dialog decided the next one follows, too. */
    async lookAgain(requests, isDecided) {
        if (requests.includes(this.request)) {
            await (isDecided ? this.goOn() : this.model.load());
        }
    }

    /**
     * Whoever thinks better of it undoes it first: another decision would cross it. A
     * second tap, which hits the next task, decides nothing.
     */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name === "action_open_document") {
            return super.beforeExecuteActionButton(clickParams);
        }
        if (this.held.has(this.request) || this.rest.isResting) {
            return false;
        }
        if (clickParams.name !== "action_approve") {
            return super.beforeExecuteActionButton(clickParams);
        }
        const {document_name: name} = this.model.root.data;
        this.hold.decide({
            requests: [this.request],
            decision: "approve",
            names: [name],
            text: this.hold.drafts.get(this.request),
        });
        await this.goOn();
        return false;
    }

    goOn() {
        return this.restAfter(() => this.showNext(this.model.root.resId));
    }

    reload() {
        return this.restAfter(() => this.model.load());
    }

    /** What is shown then is somewhere else: a second tap means nothing. */
    async restAfter(show) {
        this.rest.isResting = true;
        try {
            await show();
        } finally {
            this.restTimer = browser.setTimeout(() => {
                this.rest.isResting = false;
            }, SECOND_TAP);
        }
    }

    /** Of the tasks that were listed, show the next one to decide; else this one. */
    async showNext(resId) {
        const ids = this.model.root.resIds;
        for (const next of ids.slice(ids.indexOf(resId) + 1)) {
            try {
                await this.model.load({resId: next});
            } catch {
                continue; // somebody else holds it now
            }
            if (this.model.root.data.can_decide && !this.held.has(this.request)) {
                return;
            }
        }
        if (this.model.root.resId !== resId) {
            await this.model.load({resId});
        }
    }
}

registry.category("views").add("approval_form", {
    ...formView,
    Controller: ApprovalFormController,
    Model: ApprovalFormModel,
});
