from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain


class ApprovalRuleMixin(models.AbstractModel):
    """What documents are judged by: asked at each of their changes, so that it must
    cost next to nothing where there is none.

    What is found is remembered for the transaction only. A longer memory of *no rule*,
    which another thread refilled from an old snapshot, would let documents pass.
    """

    _name = "approval.rule.mixin"
    _description = "Rule for documents"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._clear_memo()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._clear_memo()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_memo()
        return result

    # ------------------------------------------------------------
    # IN USE, remembered for the transaction
    # ------------------------------------------------------------

    @api.model
    def _is_in_use(self, kind=""):
        """Tell whether there is a rule.

        :param str kind: of those that ``_find_kinds`` tells apart
        """
        if not self.env["approval.usage"]._has(self._name):
            return False
        memo = self._get_memo()
        if "kinds" not in memo:
            memo["kinds"] = self._find_kinds()
        return kind in memo["kinds"]

    @api.model
    def _find_kinds(self):
        """Return the kinds there are rules of, where there is any.

        Archived rules count: they may still have something under way.

        :rtype: set
        """
        return {""}

    @api.model
    def _get_memo(self):
        """Return what the transaction remembers of these rules until one changes."""
        return self.env.cr.cache.setdefault(f"approval_matrix.{self._name}", {})

    @api.model
    def _clear_memo(self):
        self._get_memo().clear()
        self.env["approval.usage"]._forget()

    # ------------------------------------------------------------
    # CONDITION
    # ------------------------------------------------------------

    @api.model
    def _is_readable(self, condition, model):
        """Tell whether a condition can be judged.

        :param str condition: a domain, as it is stored
        :param str model: what it is about
        """
        try:
            Domain(literal_eval(condition)).validate(self.env[model])
        except (ValueError, TypeError, SyntaxError, KeyError):
            return False
        return True
