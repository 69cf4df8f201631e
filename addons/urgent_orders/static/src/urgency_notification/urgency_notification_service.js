import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";

/** How long to wait for further notices before one message is shown for all. */
const GATHER_MS = 300;
const SHOW_MS = 10000;

/**
 * Shows orders that were just marked urgent to whoever must know at once: each
 * with a button that opens it, or in one message when several arrive together. It has
 * the colour of the level, of several that of the most urgent.
 */
export const urgencyNotificationService = {
    dependencies: ["action", "bus_service", "notification"],

    start(env, {action, bus_service: bus, notification}) {
        const gathered = new Map();
        let timer = null;

        function describe(notice) {
            const lines = [notice.reason];
            if (notice.needed_by) {
                const date = deserializeDateTime(notice.needed_by);
                lines.push(_t("needed by %s", toLocaleDateTimeString(date)));
            }
            return lines.filter(Boolean).join(", ");
        }

        function open(notice) {
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: notice.model,
                res_id: notice.id,
                views: [[false, "form"]],
            });
        }

        function show() {
            const notices = [...gathered.values()];
            const [notice, ...others] = notices;
            gathered.clear();
            timer = null;
            const {color} = notices.reduce((a, b) => (b.rank > a.rank ? b : a));
            const options = {
                type: "danger",
                autocloseDelay: SHOW_MS,
                className: `o_urgency_notice o_urgency_color_${color}`,
            };
            if (others.length) {
                options.title = _t("%s urgent orders", notices.length);
                notification.add(notices.map(({order}) => order).join(", "), options);
                return;
            }
            options.title = _t("%(level)s: %(order)s (%(by)s)", notice);
            if (notice.can_open) {
                const onClick = () => open(notice);
                options.buttons = [{name: _t("Open"), primary: true, onClick}];
            }
            notification.add(describe(notice), options);
        }

        bus.subscribe("urgent_orders/marked", (notice) => {
            gathered.set(`${notice.model},${notice.id}`, notice);
            timer ??= browser.setTimeout(show, GATHER_MS);
        });
        bus.start();
    },
};

registry.category("services").add("urgency_notification", urgencyNotificationService);
