import {QtyAtDatePopover} from "@sale_stock/widgets/qty_at_date_widget";
import {_t} from "@web/core/l10n/translation";
import {formatDate} from "@web/core/l10n/dates";
import {patch} from "@web/core/utils/patch";

/** Our day stands beside Odoo's forecast, with what the goods wait for. */
patch(QtyAtDatePopover.prototype, {
    get promiseTitle() {
        const day = this.props.record.data.promise_day;
        return day
            ? _t("Likely there on %s", formatDate(day))
            : _t("Nobody knows yet when it comes");
    },
});
