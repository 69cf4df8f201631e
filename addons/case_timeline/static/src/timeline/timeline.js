import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {RPCError} from "@web/core/network/rpc";
import {TimelineFeed} from "./timeline_feed";
import {TimelineLanes} from "./timeline_lanes";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const NEWS = "case_timeline/news";
/** Open stories do not all ask at the same moment. */
const SPREAD_MS = 200;
const IDS = {
    "sale.order": "sales",
    "crm.lead": "leads",
    "purchase.order": "purchases",
    "res.partner": "families",
};

/**
 * The story of a customer, an opportunity or an order: what happened, and who held it
 * when. It looks again as soon as something happens.
 */
export class Timeline extends Component {
    static template = "case_timeline.Timeline";
    static components = {Layout, TimelineFeed, TimelineLanes};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.action = useService("action");
        this.bus = useService("bus_service");
        const {res_model: resModel, context} = this.props.action;
        this.resModel = resModel;
        this.resId = context.active_id;
        const {tab = "feed", feed = {}} = this.props.state || {};
        this.state = useState({tab, head: null, error: "", news: 0});
        this.feedState = feed;
        useSetupAction({
            getLocalState: () => ({tab: this.state.tab, feed: this.feedState}),
        });
        const onNews = (news) => this.onNews(news);
        onWillStart(async () => {
            await this.loadHead();
            this.bus.subscribe(NEWS, onNews);
            this.bus.start();
        });
        onWillUnmount(() => {
            this.bus.unsubscribe(NEWS, onNews);
            browser.clearTimeout(this.timer);
        });
    }

    async loadHead() {
        try {
            this.state.head = await this.orm.silent.call("timeline.feed", "get_head", [
                this.resModel,
                this.resId || 0,
            ]);
            this.state.error = "";
            this.env.config.setDisplayName(_t("Timeline of %s", this.state.head.name));
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
        }
    }

    onNews(news) {
        const ids = news[IDS[this.resModel]];
        const mine = this.resModel === "res.partner" ? this.state.head?.family : this.resId;
        if (!ids || ids.includes(mine)) {
            browser.clearTimeout(this.timer);
            this.timer = browser.setTimeout(() => {
                this.state.news++;
                this.loadHead();
            }, Math.random() * SPREAD_MS);
        }
    }

    /** Lanes need room: on a phone there is the feed. */
    get tab() {
        return this.ui.isSmall ? "feed" : this.state.tab;
    }

    since(waiting) {
        return deserializeDateTime(waiting.since).toRelative();
    }

    sinceFull(waiting) {
        return deserializeDateTime(waiting.since).toLocaleString(
            luxon.DateTime.DATETIME_MED
        );
    }

    /** Open a document. */
    open({model, id}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("case_timeline.timeline", Timeline);
