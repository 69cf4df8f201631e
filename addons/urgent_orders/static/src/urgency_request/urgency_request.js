import {Component, onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {ViewButton} from "@web/views/view_button/view_button";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * What is asked beyond the quota of a level, on an order under urgency.mixin, with the
 * buttons of the managers who may grant it and of whoever takes it back.
 */
export class UrgencyRequest extends Component {
    static template = "urgent_orders.UrgencyRequest";
    static components = {ViewButton};
    static props = {...standardWidgetProps};

    setup() {
        onWillStart(async () => {
            this.mayGrant = await user.hasGroup("urgent_orders.group_urgency_manager");
        });
    }
}

registry.category("view_widgets").add("urgency_request", {
    component: UrgencyRequest,
    additionalClasses: ["w-100"],
    fieldDependencies: [
        {name: "urgency_asked_level_id", type: "many2one", readonly: true},
        {name: "urgency_asked_user_id", type: "many2one", readonly: true},
    ],
});
