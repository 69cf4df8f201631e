import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateTimeString, today} from "@web/core/l10n/dates";

/** How old figures are, where a replica of the database answered; nothing where none did. */
export class Age extends Component {
    static template = "cx_reports.Age";
    static props = {replica: {type: [Object, {value: null}], optional: true}};

    get text() {
        const {as_of, seconds} = this.props.replica;
        const moment = deserializeDateTime(as_of);
        const time = moment.hasSame(today(), "day")
            ? moment.toFormat("HH:mm")
            : toLocaleDateTimeString(moment, {showSeconds: false});
        if (seconds > 120) {
            const minutes = Math.floor(seconds / 60);
            return _t("Figures as of %(time)s, %(minutes)s minutes behind.", {time, minutes});
        }
        return seconds
            ? _t("Figures as of %(time)s, %(seconds)s seconds behind.", {time, seconds})
            : _t("Figures as of %(time)s.", {time});
    }
}

/** What a report shows, and how old it is, which is asked for at the same moment. */
export const withAge = (Model) =>
    class extends Model {
        async load() {
            const replica = this.orm.call("cx.overview", "get_age", []);
            const found = await super.load(...arguments);
            this.replica = await replica;
            return found;
        }
    };
