import {Component, markup, onWillStart, useState} from "@odoo/owl";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const NEW = "new";

/**
 * The first hour of an administrator: who approves, from what amount; who would be
 * asked; and what else there is to set up. What is done follows from what is there.
 */
export class ApprovalSetup extends Component {
    static template = "approval_matrix.ApprovalSetup";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            card: null,
            isBusy: false,
            isOpen: false,
            rule: {model: "", amount: "", user: NEW, name: "", login: "", password: ""},
            trial: {amount: "", route: ""},
        });
        onWillStart(async () => this.show(await this.call("get_card", [])));
    }

    call(method, args) {
        return this.orm.call("approval.setup", method, args);
    }

    async show(card) {
        this.state.card = card;
        this.state.isOpen = !card.rules.length;
        const [model] = card.models[0] || [""];
        const other = card.users.find((user) => user.id !== card.me);
        Object.assign(this.state.rule, {model, user: other ? String(other.id) : NEW});
        if (card.try.length) {
            this.state.trial.amount = card.try[0].amount;
            await this.tryIt();
        }
    }

    get isNew() {
        return this.state.rule.user === NEW;
    }

    /** Return the step that is due; before the rule there is none. */
    get next() {
        const {rules, steps} = this.state.card;
        return rules.length && steps.find((step) => !step.is_done);
    }

    /** Return an amount as people write it, to see whether a zero is missing. */
    inWords(amount) {
        const {id} = this.state.card.currency;
        return amount === "" ? "" : formatMonetary(Number(amount), {currencyId: id});
    }

    async save() {
        const {model, amount, user, name, login, password} = this.state.rule;
        const who = this.isNew ? {name, login, password} : {user_id: Number(user)};
        const values = {model, amount: amount === "" ? null : Number(amount), ...who};
        this.state.isBusy = true;
        try {
            await this.show(await this.call("make_first_rule", [values]));
            Object.assign(this.state.rule, {name: "", login: "", password: ""});
        } finally {
            this.state.isBusy = false;
        }
    }

    async tryIt() {
        const [{model}] = this.state.card.try;
        const amount = Number(this.state.trial.amount) || 0;
        this.state.trial.route = markup(await this.call("try_amount", [model, amount]));
    }

    /** Try it with what conditions ask, too. */
    answer() {
        const [{action}] = this.state.card.try;
        return this.action.doAction(action, {
            additionalContext: {default_amount: Number(this.state.trial.amount) || 0},
        });
    }

    open(step) {
        return this.action.doAction(step.action);
    }

    openInbox() {
        return this.action.doAction("approval_matrix.approval_task_action", {
            clearBreadcrumbs: true,
        });
    }

    openRules() {
        return this.action.doAction("approval_matrix.approval_rule_action");
    }
}

registry.category("actions").add("approval_setup", ApprovalSetup);
