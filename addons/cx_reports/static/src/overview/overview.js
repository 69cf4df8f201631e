import {Component, onWillStart, useState} from "@odoo/owl";
import {Age} from "../report/age";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

/** What the page asks for once the departments are there: by its name the model and method. */
const LATER = {
    promises: ["cx.overview", "get_promises"],
    figures: ["cx.overview", "get_figures"],
    handOvers: ["cx.waiting", "get_hand_overs"],
    whatIf: ["cx.waiting", "get_what_if"],
};

/**
 * What each department sees of itself, beside what its customers got. Each number opens
 * the rows it counts.
 */
export class Overview extends Component {
    static template = "cx_reports.Overview";
    static components = {Age, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.latest = new KeepLast();
        this.latestOf = Object.fromEntries(
            Object.keys(LATER).map((name) => [name, new KeepLast()])
        );
        const {days = 90} = this.props.state || {};
        this.state = useState({days, found: null, later: {}});
        useSetupAction({getLocalState: () => ({days: this.state.days})});
        onWillStart(() => this.load(days));
    }

    async load(days) {
        this.state.days = days;
        this.state.later = {};
        this.state.found = await this.latest.add(
            this.orm.call("cx.overview", "get_overview", [days])
        );
        Object.keys(LATER).forEach((name) => this.loadLater(name, days));
    }

    /** Each for itself: nobody waits for all of it. */
    async loadLater(name, days) {
        this.state.later[name] = await this.latestOf[name].add(
            this.orm.call(...LATER[name], [days])
        );
    }

    get figures() {
        const {promises = [], figures = []} = this.state.later;
        return [...promises, ...figures];
    }

    /** A number of rows. */
    count(value) {
        return formatFloat(value, {digits: [16, 0]});
    }

    format(value, unit = "%") {
        return unit === "h"
            ? _t("%s h", formatFloat(value, {digits: [16, 1]}))
            : `${formatFloat(value, {digits: [16, 0]})} ${unit}`;
    }

    periodLabel(days) {
        return days === 365 ? _t("12 months") : _t("%s days", days);
    }

    /** A share of few rows says nothing. */
    isFew({count}) {
        return count < this.state.found.enough;
    }

    /** How a share looks. */
    tone(share) {
        const {good} = this.state.found;
        if (this.isFew(share)) {
            return "text-muted";
        }
        return share.percent >= good ? "text-success" : "text-danger";
    }

    open(action) {
        return this.action.doAction(action);
    }
}

registry.category("actions").add("cx_reports.overview", Overview);
