import {onWillUnmount, useState, useSubEnv} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {KanbanRecord} from "@web/views/kanban/kanban_record";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {useViewButtons} from "@web/views/view_button/view_button_hook";
import {SECOND_TAP, useApprovalHold} from "../approval_hold/approval_hold_service";
import {ApprovalAbsence} from "../approval_inbox/approval_inbox";
import {ApprovalNews, NEWS, useBusNews} from "../approval_news/approval_news";

/** What is on the card of a request that moved. */
const SHOWN = ["can_decide", "card"];

/** A card whose decision is held back has no buttons. */
export class ApprovalCardRecord extends KanbanRecord {
    setup() {
        super.setup();
        this.held = useState(useService("approval_hold").held);
    }

    getRecordClasses() {
        const isHeld = this.held.has(this.props.record.data.process_id.id);
        return `${super.getRecordClasses()} ${isHeld ? "o_approval_is_held" : ""}`;
    }
}

export class ApprovalCardsRenderer extends KanbanRenderer {
    static components = {...KanbanRenderer.components, KanbanRecord: ApprovalCardRecord};
}

/**
 * Cards of what waits, which stay where they are when they are decided: if they went at
 * once, the next card would move under the finger, and a second tap would decide it.
 * They are gone when the list is opened or searched again.
 */
export class ApprovalCardsController extends KanbanController {
    static template = "approval_matrix.InboxCards";
    static components = {
        ...KanbanController.components,
        ApprovalAbsence,
        ApprovalNews,
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.hold = useApprovalHold((...news) => this.lookAgain(...news));
        this.pressed = null;
        this.isSending = false;
        this.restTimer = null;
        onWillUnmount(() => this.wake());
        this.news = useState({cards: [], ids: []});
        this.moved = new Set();
        const look = useDebounced(() => this.follow(), NEWS);
        useBusNews("approval_matrix/changed", ({requests}) => {
            if (this.findCards(new Set(requests)).length) {
                requests.forEach((request) => this.moved.add(request));
                look();
            }
        });
        useBusNews("approval_matrix/inbox", look);
        useViewButtons(this.rootRef, {
            beforeExecuteAction: this.beforeExecuteActionButton.bind(this),
            afterExecuteAction: this.afterExecuteActionButton.bind(this),
            reload: () => this.reloadPressed(),
        });
        const press = this.env.onClickViewButton;
        useSubEnv({onClickViewButton: (params) => this.onPress(press, params)});
    }

    /** Tapping again, while the first tap is sent or not shown yet, does nothing. */
    async onPress(press, params) {
        const {resId, evalContext} = params.getResParams();
        if (this.isSending || this.restTimer || (resId && !evalContext.can_decide)) {
            return;
        }
        if (!resId) {
            await this.onPressForAll(press, params);
            return;
        }
        const {data} = this.model.root.records.find((card) => card.resId === resId) || {};
        this.pressed = data?.process_id.id;
        if (this.hold.held.has(this.pressed)) {
            return;
        }
        let {clickParams} = params;
        if (data && clickParams.name === "action_approve") {
            const request = this.pressed;
            if (!this.hold.drafts.get(request)) {
                this.hold.decide({
                    requests: [request],
                    decision: "approve",
                    names: [data.document_name],
                });
                this.rest();
                return;
            }
            // a comment that was written in the form is read before it is sent
            clickParams = {...clickParams, name: "action_open_approval"};
        }
        this.isSending = true;
        try {
            await press({...params, clickParams});
        } finally {
            this.isSending = false;
        }
    }

    /** What is decided of several is decided so: what was held back of it is not sent. */
    async onPressForAll(press, params) {
        const {selection} = this.model.root;
        this.isSending = true;
        try {
            for (const {data} of selection) {
                await this.hold.release(data.process_id.id);
            }
            this.pressed = null;
            if (params.clickParams.name === "action_approve_selected") {
                const tasks = await this.model.root.getResIds(true);
                if (await this.hold.approveSelected(tasks)) {
                    selection.forEach((record) => record.toggleSelection(false));
                    return;
                }
            }
            await press(params);
        } finally {
            this.isSending = false;
            this.rest();
        }
    }

    /** For a moment no tap means anything. */
    rest() {
        this.wake();
        this.restTimer = browser.setTimeout(() => this.wake(), SECOND_TAP);
    }

    wake() {
        browser.clearTimeout(this.restTimer);
        this.restTimer = null;
    }

    /** A second tap on what a dialog held back hits a card below it. */
    async lookAgain(requests, isDecided) {
        if (isDecided) {
            this.rest();
        } else {
            this.wake();
        }
        await Promise.all(requests.map((request) => this.reloadRequest(request)));
    }

    get newsText() {
        return _t("What waits for you has changed.");
    }

    /** Return the cards of some requests, of those that wait and are not held back. */
    findCards(requests) {
        const cards = this.model.isReady ? this.model.root.records : [];
        return cards.filter(({data}) => {
            const request = data.process_id.id;
            const isHeld = this.hold.held.has(request);
            return data.can_decide && requests.has(request) && !isHeld;
        });
    }

    /** Whether something came, or a card that waits is not as it is shown any more. */
    get isStale() {
        const {records} = this.model.root;
        const shown = new Map(records.map((card) => [card.resId, card.data]));
        return (
            this.news.ids.some((id) => !shown.has(id)) ||
            this.news.cards.some(
                (now) =>
                    shown.has(now.id) &&
                    SHOWN.some(
                        (name) =>
                            JSON.stringify(now[name]) !==
                            JSON.stringify(shown.get(now.id)[name])
                    )
            )
        );
    }

    /**
     * Requests moved, maybe by what was done here. No card moves under a finger: one that
     * asks nothing any more says so where it is; of everything else they are told, and
     * reload when they like.
     */
    async follow() {
        const cards = this.findCards(this.moved);
        this.moved.clear();
        if (cards.length) {
            const ids = cards.map((card) => card.resId);
            const domain = [["id", "in", ids]];
            const found = await this.orm.silent.searchRead("approval.task", domain, SHOWN);
            const now = new Map(found.map((row) => [row.id, row]));
            const over = cards.filter(({resId}) => now.get(resId)?.can_decide === false);
            await Promise.all(over.map((card) => this.reloadCard(card)));
            // who may not read one any more finds nothing of it
            const others = this.news.cards.filter(({id}) => !ids.includes(id));
            this.news.cards = [...others, ...ids.map((id) => now.get(id) || {id})];
        }
        await this.lookForMore();
    }

    /** Only on the first page of plain cards: what is shown of others depends on it. */
    async lookForMore() {
        if (!this.model.isReady) {
            return;
        }
        const {domain, isGrouped, limit, offset, records, resModel} = this.model.root;
        if (isGrouped || offset) {
            return;
        }
        // what is over still has its place here, and nothing comes up for it
        const over = records.filter(({data}) => !data.can_decide).length;
        const ids = await this.orm.silent.search(resModel, domain, {limit});
        this.news.ids = ids.slice(0, Math.max(limit - over, 1));
        if (!records.length && this.isStale) {
            await this.reload();
        }
    }

    async reload() {
        this.isSending = true;
        try {
            await this.model.load();
        } finally {
            this.isSending = false;
            this.rest();
        }
    }

    /** The cards below it stay where they are, however little is left to say on it. */
    async reloadCard(card) {
        const element = this.rootRef.el?.querySelector(`[data-id="${card.id}"]`);
        if (element) {
            element.style.minHeight = `${element.offsetHeight}px`;
        }
        await card.load();
    }

    /** One decision may count for several steps of a request, each with its card. */
    async reloadRequest(request) {
        const {records} = this.model.root;
        const same = records.filter((record) => record.data.process_id.id === request);
        await Promise.all(same.map((record) => this.reloadCard(record)));
        return same.length;
    }

    async reloadPressed() {
        const {selection} = this.model.root;
        if (selection.some(({data}) => this.hold.held.has(data.process_id.id))) {
            // decided in a dialog, which is held back: cards stay where they are
            selection.forEach((record) => record.toggleSelection(false));
            return;
        }
        if (!(await this.reloadRequest(this.pressed))) {
            await this.model.load();
        }
    }
}

registry.category("views").add("approval_cards", {
    ...kanbanView,
    Controller: ApprovalCardsController,
    Renderer: ApprovalCardsRenderer,
});
