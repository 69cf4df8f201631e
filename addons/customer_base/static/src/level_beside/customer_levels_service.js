import {registry} from "@web/core/registry";

/** Who has which level: asked once for all customers that a screen shows. */
export const customerLevelsService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        let asked = null;

        async function read(ids) {
            const {records} = await orm.silent.webSearchRead(
                "res.partner",
                [
                    ["id", "in", [...ids]],
                    ["customer_level_id", "!=", false],
                ],
                {
                    specification: {
                        customer_level_id: {fields: {display_name: {}}},
                        customer_level_color: {},
                    },
                    context: {active_test: false},
                }
            );
            return new Map(
                records.map((record) => [
                    record.id,
                    {
                        name: record.customer_level_id.display_name,
                        color: record.customer_level_color,
                    },
                ])
            );
        }

        return {
            /**
             * @param {number} id of a customer
             * @returns {Promise<{name: string, color: number} | undefined>} nothing for
             *     who has no level, or may not be seen
             */
            async get(id) {
                if (!asked) {
                    const ids = new Set();
                    // what else is drawn now is asked for together
                    const answer = Promise.resolve().then(() => {
                        asked = null;
                        return read(ids);
                    });
                    asked = {ids, answer};
                }
                asked.ids.add(id);
                return (await asked.answer).get(id);
            },
        };
    },
};

registry.category("services").add("customer_levels", customerLevelsService);
