import {Age, withAge} from "./age";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** Cells say what they are of: on a phone they stand below each other. */
export class ReportListRenderer extends ListRenderer {
    static recordRowTemplate = "cx_reports.ListRenderer.RecordRow";
}

export class ReportListController extends ListController {
    static template = "cx_reports.ListView";
    static components = {...ListController.components, Age};
}

registry.category("views").add("cx_list", {
    ...listView,
    Controller: ReportListController,
    Model: withAge(listView.Model),
    Renderer: ReportListRenderer,
});
