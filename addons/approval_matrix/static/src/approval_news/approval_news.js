import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {listHeld, useSecondTap} from "../approval_hold/approval_hold_service";

/** For how many milliseconds more news are waited for. */
export const NEWS = 300;

/**
 * Calls back, while the component is there, with what the server says on the bus.
 *
 * @param {String} type: *approval_matrix/changed*: requests moved; *inbox*: something
 *     came to the user, or went
 */
export function useBusNews(type, callback) {
    const bus = useService("bus_service");
    onMounted(() => bus.subscribe(type, callback));
    onWillUnmount(() => bus.unsubscribe(type, callback));
}

/**
 * Says, at the bottom of the screen, that what one looks at has changed. Nothing moves
 * for it, and a tap that was meant for what it appears upon does nothing.
 */
export class ApprovalNews extends Component {
    static template = "approval_matrix.ApprovalNews";
    static props = {text: String, reload: Function};

    setup() {
        this.state = useSecondTap();
        this.held = useState(useService("approval_hold").held);
    }

    get heldCount() {
        return listHeld(this.held).length;
    }
}
