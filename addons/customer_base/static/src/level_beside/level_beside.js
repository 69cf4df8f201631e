import {useEffect, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {Many2One} from "@web/views/fields/many2one/many2one";
import {patch} from "@web/core/utils/patch";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/**
 * Whoever reads a form sees the level of the customer that it names, in its colour:
 * invoices, deliveries, tickets. Where a view has the level itself, nothing is added.
 */
patch(Many2One.prototype, {
    setup() {
        super.setup(...arguments);
        this.beside = useState({level: null});
        if (this.props.relation !== "res.partner" || !session.has_customer_levels) {
            return;
        }
        const levels = useService("customer_levels");
        const keepLast = new KeepLast();
        useEffect(
            (id) => {
                this.beside.level = null;
                if (id) {
                    keepLast.add(levels.get(id)).then((level) => {
                        this.beside.level = level;
                    });
                }
            },
            () => [this.props.value?.id]
        );
    },
});
