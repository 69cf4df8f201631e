import {Age, withAge} from "../report/age";
import {GraphController} from "@web/views/graph/graph_controller";
import {PivotController} from "@web/views/pivot/pivot_controller";
import {PivotRenderer} from "@web/views/pivot/pivot_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";
import {utils} from "@web/core/ui/ui_service";

/** Names of groups are no formulas in a workbook, whatever people called something. */
export class ReportPivotModel extends withAge(pivotView.Model) {
    exportData() {
        const table = super.exportData();
        for (const header of table.col_group_headers.flat()) {
            if (/^[=+\-@\t\r\n＝＋－＠]/.test(header.title)) {
                header.title = `'${header.title}`;
            }
        }
        return table;
    }
}

/** Figures of a row below each other on a phone, where their columns have no room. */
export class ReportPivotRenderer extends PivotRenderer {
    static template = "cx_reports.PivotRenderer";

    /** Columns that somebody grouped by stay a table, which can be moved. */
    get isNarrow() {
        return this.env.isSmall && !this.model.metaData.fullColGroupBys.length;
    }

    /** What there is nothing to count of takes no room. */
    isFigure(cell) {
        return cell.value !== undefined && this.getFormattedValue(cell).value !== "";
    }

    label(cell) {
        return this.model.metaData.measures[cell.measure].string;
    }
}

export class ReportPivotController extends PivotController {
    static template = "cx_reports.PivotView";
    static components = {...PivotController.components, Age};
}

export class ReportGraphController extends GraphController {
    static template = "cx_reports.GraphView";
    static components = {...GraphController.components, Age};
}

const views = registry.category("views");

views.add("cx_pivot", {
    ...pivotView,
    Controller: ReportPivotController,
    Model: ReportPivotModel,
    Renderer: ReportPivotRenderer,
    /** A phone shows the first level; what is below it opens by a touch. */
    props(genericProps, view) {
        const props = pivotView.props(genericProps, view);
        const {metaData} = props.modelParams;
        if (utils.isSmall() && !genericProps.state) {
            metaData.rowGroupBys = metaData.rowGroupBys.slice(0, 1);
        }
        return props;
    },
});
views.add("cx_graph", {
    ...graphView,
    Controller: ReportGraphController,
    Model: withAge(graphView.Model),
});
