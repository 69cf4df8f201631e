import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";

/**
 * Keeps the count of the user's open tasks up to date: the server says on the bus
 * that something changed, and the count is asked for once.
 */
export const approvalInboxService = {
    dependencies: ["action", "bus_service", "orm"],

    start(env, {action, bus_service: bus, orm}) {
        const state = reactive({count: 0, tasks: [], absence: false});
        let running = null;

        function refresh() {
            running ??= orm.silent
                .call("approval.task", "get_inbox", [])
                .then((inbox) => Object.assign(state, {absence: false}, inbox))
                .finally(() => {
                    running = null;
                });
            return running;
        }

        /** Whoever was away is back: what the substitute holds comes back at once. */
        async function comeBack() {
            await orm.call("approval.substitute", "action_return", [[]]);
            await refresh();
            await action.doAction("soft_reload");
        }

        bus.subscribe("approval_matrix/inbox", refresh);
        bus.start();
        return {state, refresh, comeBack};
    },
};

registry.category("services").add("approval_inbox", approvalInboxService);
