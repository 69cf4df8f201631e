import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {normalizedMatch} from "@web/core/l10n/utils";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** How figures are counted: each with its definition, which is the help of its field. */
export class Figures extends Component {
    static template = "cx_reports.Figures";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({reports: [], text: ""});
        onWillStart(async () => {
            this.state.reports = await this.orm.call("cx.figures", "get_page", []);
        });
    }

    /** Those that say what is looked for; of a report that is called so, all. */
    get reports() {
        const {reports, text} = this.state;
        const wanted = text.trim();
        const says = (...texts) => texts.some((each) => normalizedMatch(each, wanted).match);
        if (!wanted) {
            return reports;
        }
        return reports
            .map((report) => ({
                ...report,
                figures: says(report.label)
                    ? report.figures
                    : report.figures.filter((each) => says(each.label, each.help)),
            }))
            .filter((report) => report.figures.length);
    }

    open(report) {
        return this.action.doAction(report.action);
    }
}

registry.category("actions").add("cx_reports.figures", Figures);
