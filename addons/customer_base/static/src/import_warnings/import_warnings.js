import {BaseImportModel} from "@base_import/import_model";
import {_t} from "@web/core/l10n/translation";
import {htmlJoin} from "@web/core/utils/html";
import {markup} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";

/** Nobody reads more of them at once. */
const MOST = 10;

/**
 * Whoever imports customers is told which of their numbers to look at again. It stops
 * nothing: a test says it above the columns, an import beside what was imported.
 */
patch(BaseImportModel.prototype, {
    async _callImport(isTest) {
        const answer = await super._callImport(...arguments);
        const warnings = answer.warnings || [];
        if (!warnings.length) {
            return answer;
        }
        const lines = warnings.slice(0, MOST);
        if (warnings.length > MOST) {
            lines.push(_t("… and %s more", warnings.length - MOST));
        }
        if (isTest) {
            this._addMessage("warning", lines);
        } else {
            this.notificationService.add(htmlJoin(lines, markup`<br/>`), {
                title: _t("Please look at these numbers again"),
                type: "warning",
                sticky: true,
            });
        }
        return answer;
    },
});
