import {Component, onWillStart, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatFloat} from "@web/core/utils/numbers";
import {RPCError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const NEWS = "crm_purchase_bridge/supply";
/** Panels do not all ask at the same moment. */
const SPREAD_MS = 200;
/** So many lines are shown at once. */
const PAGE = 100;

const RISKS = {
    late: "text-bg-danger",
    unknown: "text-bg-danger",
    unsafe: "text-bg-warning",
    safe: "text-bg-success",
    open: "text-bg-secondary",
};

/**
 * Where the goods of an order, an opportunity or a customer are, and what to say on the
 * phone. It asks again as soon as anything that it shows has changed.
 */
export class SupplyPanel extends Component {
    static template = "crm_purchase_bridge.SupplyPanel";
    static props = {
        resModel: String,
        resId: Number,
        isOpen: {type: Boolean, optional: true},
        isDirty: {type: Boolean, optional: true},
        beforeTell: {type: Function, optional: true},
        afterTell: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({panel: null, isOpen: this.props.isOpen || false});
        this.asked = 0;
        this.most = PAGE;
        const onNews = (news) => this.onNews(news);
        onWillStart(() => {
            this.bus.subscribe(NEWS, onNews);
            this.bus.start();
        });
        onWillUnmount(() => {
            this.bus.unsubscribe(NEWS, onNews);
            browser.clearTimeout(this.timer);
            this.asked = -1;
        });
        useEffect(
            () => {
                // the sentence of another order would be read aloud
                this.state.panel = null;
                this.most = PAGE;
                this.load();
            },
            () => [this.props.resModel, this.props.resId]
        );
    }

    async load() {
        const asked = ++this.asked;
        const {resModel, resId} = this.props;
        let panel = null;
        try {
            panel = await this.orm.silent.call("supply.panel", "get_panel", [
                resModel,
                resId,
                this.most,
            ]);
        } catch (error) {
            // gone, or not to be read any more: nothing is shown
            if (!(error instanceof RPCError)) {
                throw error;
            }
        }
        // an answer that comes after a newer question is of yesterday
        if (asked === this.asked) {
            this.state.panel = panel;
        }
    }

    onNews({products, orders}) {
        const {panel} = this.state;
        const concerns =
            !panel ||
            !products ||
            panel.products.some((id) => products.includes(id)) ||
            panel.orders.some((id) => orders.includes(id));
        if (concerns) {
            browser.clearTimeout(this.timer);
            this.timer = browser.setTimeout(
                () => this.load(),
                Math.random() * SPREAD_MS
            );
        }
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }

    get hasCards() {
        return this.state.panel.cards.length > 0;
    }

    showMore() {
        this.most += PAGE;
        return this.load();
    }

    get openQuestions() {
        const lines = this.state.panel.cards.flatMap((card) => card.questions);
        const open = lines.filter((question) => !question.answer);
        return new Set(open.map((question) => question.id)).size;
    }

    get moreText() {
        return _t("Show more: %s lines are left", this.state.panel.more);
    }

    get bannerClass() {
        return {
            late: "alert-danger",
            unknown: "alert-danger",
            unsafe: "alert-warning",
            open: "alert-info",
            safe: "alert-success",
        }[this.state.panel.risk];
    }

    riskClass(card) {
        return RISKS[card.risk];
    }

    stageClass(card, index) {
        const at = card.stages.indexOf(card.stage);
        if (index < at) {
            return "o_supply_done";
        }
        return index === at ? "o_supply_current" : "o_supply_next";
    }

    stageName(stage) {
        return this.state.panel.stages[stage] || "";
    }

    quantity(card, quantity) {
        const digits = Number.isInteger(quantity) ? [16, 0] : [16, 2];
        return `${formatFloat(quantity, {digits})} ${card.unit}`;
    }

    day(day) {
        return deserializeDate(day).toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "numeric",
        });
    }

    /** What comes when, each day once, unless all of it comes on the likely day. */
    parts(card) {
        const byDay = new Map();
        for (const {quantity, day, way} of card.parts) {
            const key = way === "stock" ? "stock" : day || "";
            byDay.set(key, (byDay.get(key) || 0) + quantity);
        }
        const isOne = byDay.size < 2 && !byDay.has("stock");
        if (card.likely && isOne) {
            return [];
        }
        return [...byDay].map(([key, quantity]) => {
            const goods = this.quantity(card, quantity);
            if (key === "stock") {
                return _t("%s now", goods);
            }
            return key
                ? _t("%(goods)s on %(day)s", {goods, day: this.day(key)})
                : _t("%s: nobody knows when", goods);
        });
    }

    since(card) {
        return deserializeDateTime(card.since).toRelative();
    }

    askedText({asker, asked, asked_at}) {
        const when = deserializeDateTime(asked_at).toRelative();
        return _t("%(asker)s asks %(asked)s, %(when)s", {asker, asked, when});
    }

    answerBy({due_at, is_over_limit}) {
        if (is_over_limit) {
            return _t("The answer is overdue.");
        }
        return due_at
            ? _t("Answer by %s", deserializeDateTime(due_at).toFormat("HH:mm, d/M"))
            : _t("No answer yet");
    }

    /** Ask about a line, or answer what was asked, and look again afterwards. */
    async openDialog(model, method, id) {
        const action = await this.orm.call(model, method, [[id]]);
        this.action.doAction(action, {onClose: () => this.load()});
    }

    async copy() {
        try {
            await browser.navigator.clipboard.writeText(this.state.panel.sentence);
            this.notification.add(_t("Copied."), {type: "success"});
        } catch {
            // browsers copy on secure pages only
            this.notification.add(_t("Select the sentence to copy it."), {
                type: "warning",
            });
        }
    }

    async tell() {
        const {resModel, resId, beforeTell, afterTell} = this.props;
        if (beforeTell && !(await beforeTell())) {
            return;
        }
        const action = await this.orm.call(resModel, "action_tell_promise", [[resId]]);
        this.action.doAction(action, {
            onClose: () => Promise.all([this.load(), afterTell?.()]),
        });
    }
}

/**
 * The panel on a form: of the record that is shown, once it is saved.
 */
export class SupplyPanelWidget extends Component {
    static template = "crm_purchase_bridge.SupplyPanelWidget";
    static components = {SupplyPanel};
    static props = {...standardWidgetProps};

    /** What is typed has no days before it is saved; customers alone never have. */
    get isNew() {
        const {resModel, resId} = this.props.record;
        return resModel !== "res.partner" && !resId;
    }
}

registry.category("view_widgets").add("supply_panel", {component: SupplyPanelWidget});
