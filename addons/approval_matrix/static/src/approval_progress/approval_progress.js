import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {ViewButton} from "@web/views/view_button/view_button";
import {ApprovalComment} from "../approval_comment/approval_comment";
import {useApprovalHold} from "../approval_hold/approval_hold_service";

const ICONS = {
    approved: "fa-check-circle text-success",
    rejected: "fa-times-circle text-danger",
    active: "fa-hourglass-half text-warning",
    waiting: "fa-circle-o text-muted",
    skipped: "fa-minus-circle text-muted",
    cancelled: "fa-ban text-muted",
};

/**
 * The steps of an approval: who decided, who holds it, and since when.
 */
export class ApprovalSteps extends Component {
    static template = "approval_matrix.ApprovalSteps";
    static props = {...standardFieldProps};

    get progress() {
        return this.props.record.data[this.props.name];
    }

    icon(step) {
        return ICONS[step.state];
    }

    when(date) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }

    ago(date) {
        return deserializeDateTime(date).toRelative();
    }
}

/** Whoever comes from the e-mail about a question is shown the dialog for the answer. */
const arrival = {
    isAnswering: new URLSearchParams(browser.location.search).has("approval_answer"),
};

/** For how many milliseconds more news are waited for. */
const NEWS = 300;

/**
 * The steps on a document under approval.mixin, with the buttons of those who are asked
 * and of the requester, and the history. A form needs nothing but this widget.
 */
export class ApprovalProgress extends ApprovalSteps {
    static template = "approval_matrix.ApprovalProgress";
    static components = {ApprovalComment, ViewButton};

    setup() {
        this.orm = useService("orm");
        this.hold = useApprovalHold((requests) => this.lookAgain(requests));
        this.held = useState(this.hold.held);
        this.history = useState({rows: null});
        this.news = useState({isStale: false});
        const bus = useService("bus_service");
        const look = useDebounced(() => this.follow(), NEWS);
        /** The document that somebody else changed, while its request went on. */
        this.rewritten = null;
        const onNews = ({documents, editor}) => {
            const {resModel, resId} = this.props.record;
            if (documents[resModel]?.includes(resId)) {
                if (editor && editor !== user.userId) {
                    this.rewritten = resId;
                }
                look();
            }
        };
        onMounted(() => {
            bus.subscribe("approval_matrix/changed", onNews);
            this.arrive();
        });
        onWillUnmount(() => bus.unsubscribe("approval_matrix/changed", onNews));
    }

    /** It happens once: who comes back to the form has closed the dialog. */
    arrive() {
        if (!arrival.isAnswering) {
            return;
        }
        arrival.isAnswering = false;
        const {record} = this.props;
        if (record.data.approval_can_answer) {
            const {context, evalContext, resModel, resId, resIds} = record;
            this.env.onClickViewButton({
                clickParams: {name: "action_open_answer", type: "object"},
                getResParams: () => ({context, evalContext, resModel, resId, resIds}),
            });
        }
    }

    /** What to stop at is said wherever one decides, as on the card. */
    get stops() {
        return this.props.record.data.approval_stops;
    }

    get request() {
        return this.props.record.data.approval_process_id?.id;
    }

    async lookAgain(requests) {
        if (requests.includes(this.request) && !(await this.props.record.isDirty())) {
            await this.reload();
        }
    }

    async reload() {
        await this.props.record.load();
        this.rewritten = null;
        this.news.isStale = false;
    }

    /**
     * The request moved, maybe by what was done here. Nothing changes under the hand of
     * whoever types, or of whoever decides: they are told, and reload when they like.
     */
    async follow() {
        const {record} = this.props;
        const isTyping = await record.isDirty();
        const {approval_can_decide: canDecide, approval_progress: shown} = record.data;
        if (!isTyping && !canDecide) {
            await this.reload();
            return;
        }
        const [now] = await this.orm.silent
            .read(record.resModel, [record.resId], ["approval_progress"])
            .catch(() => [{}]); // not theirs to read any more
        this.news.isStale =
            this.rewritten === record.resId ||
            JSON.stringify(now.approval_progress) !== JSON.stringify(shown);
    }

    /** Whoever changed the terms just now decides nothing that they have not read. */
    async approve() {
        const {record} = this.props;
        const {request} = this;
        const isSaved = await record.save();
        if (isSaved && request === this.request && record.data.approval_can_decide) {
            const {display_name: name} = record.data.approval_process_id;
            this.hold.decide({
                requests: [request],
                decision: "approve",
                names: [name],
                text: this.hold.drafts.get(request),
            });
        }
    }

    /** While a decision is held back, nothing else crosses it. */
    get buttons() {
        if (this.held.has(this.request)) {
            return [];
        }
        const {
            approval_can_decide,
            approval_can_send_back,
            approval_can_answer,
            approval_can_remind,
            approval_can_withdraw,
            approval_can_restore,
        } = this.props.record.data;
        const buttons = [];
        if (approval_can_decide) {
            buttons.push(
                ["action_open_rejection", _t("Reject"), "btn-outline-danger", "j"],
                ["action_open_question", _t("Ask for Information"), "btn-secondary", "y"],
                ["action_open_forward", _t("Forward"), "btn-secondary", "f"]
            );
        }
        if (approval_can_send_back) {
            buttons.push(["action_open_send_back", _t("Send Back"), "btn-secondary"]);
        }
        if (approval_can_answer) {
            buttons.push(["action_open_answer", _t("Answer"), "btn-primary"]);
        }
        if (approval_can_remind) {
            buttons.push(["action_remind", _t("Remind"), "btn-secondary"]);
        }
        if (approval_can_withdraw) {
            buttons.push(["action_withdraw", _t("Withdraw"), "btn-secondary"]);
        }
        if (approval_can_restore) {
            buttons.push([
                "action_restore_terms",
                _t("Restore Approved Terms"),
                "btn-secondary",
            ]);
        }
        return buttons.map(([name, string, className, hotkey]) => ({
            string,
            className,
            attrs: hotkey ? {"data-hotkey": hotkey} : {},
            clickParams: {
                name,
                type: "object",
                // the request that is on the screen: another one is not decided
                context: "{'approval_process_id': approval_process_id}",
            },
        }));
    }

    async toggleHistory() {
        if (this.history.rows) {
            this.history.rows = null;
            return;
        }
        const {resModel, resId} = this.props.record;
        this.history.rows = await this.orm.call(resModel, "get_approval_history", [[resId]]);
    }
}

registry.category("fields").add("approval_steps", {
    component: ApprovalSteps,
    supportedTypes: ["json"],
});

registry.category("fields").add("approval_progress", {
    component: ApprovalProgress,
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "approval_process_id", type: "many2one", readonly: true},
        {name: "approval_can_decide", type: "boolean", readonly: true},
        {name: "approval_stops", type: "json", readonly: true},
        {name: "approval_can_send_back", type: "boolean", readonly: true},
        {name: "approval_can_answer", type: "boolean", readonly: true},
        {name: "approval_can_remind", type: "boolean", readonly: true},
        {name: "approval_can_withdraw", type: "boolean", readonly: true},
        {name: "approval_can_restore", type: "boolean", readonly: true},
    ],
});
