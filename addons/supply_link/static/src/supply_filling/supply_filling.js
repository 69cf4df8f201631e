import {Component, onWillStart} from "@odoo/owl";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Says that what is below is not complete yet, until the past has been looked at. */
export class SupplyFilling extends Component {
    static template = "supply_link.SupplyFilling";
    static props = {};

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            this.isFilling = await orm.call("supply.change", "is_being_filled", []);
        });
    }
}

class SupplyListController extends ListController {
    static template = "supply_link.ListView";
    static components = {...ListController.components, SupplyFilling};
}

class SupplyKanbanController extends KanbanController {
    static template = "supply_link.KanbanView";
    static components = {...KanbanController.components, SupplyFilling};
}

const views = registry.category("views");
views.add("supply_list", {...listView, Controller: SupplyListController});
views.add("supply_kanban", {...kanbanView, Controller: SupplyKanbanController});
