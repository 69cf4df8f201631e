import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";

/**
 * Shows an order that was just marked urgent to whoever must know at once.
 */
export const urgencyNotificationService = {
    dependencies: ["action", "bus_service", "notification"],

    start(env, {action, bus_service: bus, notification}) {
        bus.subscribe("urgent_orders/marked", (notice) => {
            const lines = [notice.reason];
            if (notice.needed_by) {
                const date = formatDateTime(deserializeDateTime(notice.needed_by));
                lines.push(_t("Needed by %s", date));
            }
            notification.add(lines.filter(Boolean).join(" – "), {
                title: _t("%(level)s: %(order)s (%(by)s)", notice),
                type: "danger",
                sticky: true,
                buttons: notice.can_open
                    ? [
                          {
                              name: _t("Open"),
                              primary: true,
                              onClick: () =>
                                  action.doAction({
                                      type: "ir.actions.act_window",
                                      res_model: notice.model,
                                      res_id: notice.id,
                                      views: [[false, "form"]],
                                  }),
                          },
                      ]
                    : [],
            });
        });
        bus.start();
    },
};

registry.category("services").add("urgency_notification", urgencyNotificationService);
