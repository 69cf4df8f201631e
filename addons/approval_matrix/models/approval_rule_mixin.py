from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import sql


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

    def _get_judged_model(self):
        """Return the name of the model that the condition is about."""
        raise NotImplementedError

    # ------------------------------------------------------------
    # FIELDS THAT GO, as when the addon is uninstalled that brought them
    # ------------------------------------------------------------

    @api.model
    def _before_fields_go(self, fields):
        """See to the rules in use whose condition looks at one of these fields, also
        on the way to another one.

        :param fields: ``ir.model.fields``, about to be deleted
        """
        gone = {(field.model, field.name): field for field in fields}
        if any(model == self._name for model, _name in gone):
            return  # the rules go themselves
        if not sql.column_exists(self.env.cr, self._table, "domain"):
            return
        for rule in self.sudo().search([("active", "=", True)]):
            lost = [gone[each] for each in rule._get_asked() if each in gone]
            if lost:
                names = dict.fromkeys(field.field_description for field in lost)
                rule._lose_fields(", ".join(f"“{name}”" for name in names))

    def _lose_fields(self, names):
        """What becomes of a rule whose condition cannot be judged any more.

        :param str names: of the fields that it asks for, as users know them
        """
        raise NotImplementedError

    def _get_asked(self):
        """Return the fields that the condition looks at, and those on the way to them,
        as pairs of the names of model and field."""
        self.ensure_one()
        model = self._get_judged_model()
        try:
            domain = Domain(literal_eval(self.domain))
        except (ValueError, TypeError, SyntaxError):
            return []
        return list(self._walk(domain, model)) if model in self.env else []

    @api.model
    def _walk(self, domain, start):
        """Yield the pairs of :meth:`_get_asked`.

        :param domain: ``Domain``
        :param str start: the name of the model it is about
        """
        for condition in domain.iter_conditions():
            model = start
            for name in condition.field_expr.split("."):
                yield model, name
                field = self.env[model]._fields.get(name)
                model = field and field.comodel_name
                if model not in self.env:
                    break
            if condition.operator.startswith(("any", "not any")) and model in self.env:
                yield from self._walk(Domain(condition.value), model)
