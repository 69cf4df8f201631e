import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * A box for the words that go with a decision: a comment to approve, the reason to
 * reject. What is written stays with the request until it is decided.
 */
export class ApprovalComment extends Component {
    static template = "approval_matrix.ApprovalComment";
    static props = {request: Number};

    setup() {
        this.hold = useService("approval_hold");
        this.drafts = useState(this.hold.drafts);
    }

    get text() {
        return this.drafts.get(this.props.request) || "";
    }

    write(event) {
        this.hold.drafts.set(this.props.request, event.target.value);
    }
}

/** The same in the form of a task. */
export class ApprovalCommentWidget extends Component {
    static template = "approval_matrix.ApprovalCommentWidget";
    static components = {ApprovalComment};
    static props = {...standardWidgetProps};

    get request() {
        return this.props.record.data.process_id?.id;
    }
}

registry
    .category("view_widgets")
    .add("approval_comment", {component: ApprovalCommentWidget});
