from odoo import api, models
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from ..conditions import FALSE, TRUE, is_joined, read

#: Values that are told one by one.
TOLD = 5


class ApprovalCondition(models.AbstractModel):
    """Conditions of rules in the words of whoever reads them."""

    _name = "approval.condition"
    _description = "Conditions in words"

    @api.model
    def _tell(self, tree, model):
        """Return a condition in words.

        :param tree: see ``conditions``
        :param str model: what it is about
        """
        if tree == TRUE:
            return self.env._("always")
        if tree == FALSE:
            return self.env._("never")
        if not is_joined(tree):
            return self._tell_leaf(tree, model)
        operator, parts = tree
        words = [
            f"({self._tell(part, model)})"
            if is_joined(part) and part[0] != "!"
            else self._tell(part, model)
            for part in parts
        ]
        if operator == "!":
            return self.env._("not: %(condition)s", condition=words[0])
        joint = self.env._("or") if operator == "|" else self.env._("and")
        return f" {joint} ".join(words)

    @api.model
    def _tell_leaf(self, leaf, model):
        path, operator, value = leaf
        labels, field = [], None
        for name in path.split("."):
            found = self.env[model]._fields.get(name) if model in self.env else None
            labels.append(found._description_string(self.env) if found else name)
            field, model = found, found.comodel_name if found else ""
        label = " › ".join(labels)
        if operator in ("any", "not any"):
            about = self._tell(read(value), field.comodel_name)
            if operator == "any":
                return self.env._("%(field)s: %(value)s", field=label, value=about)
            return self.env._("%(field)s: not %(value)s", field=label, value=about)
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        if (
            not any(values)
            and field
            and field.type not in ("integer", "float", "monetary")
        ):
            is_set = operator in ("!=", "<>", "not in")
            return self._tell_set(label, is_set)
        if field and field.type == "boolean":
            return self._tell_set(label, operator in ("=", "in"))
        words = ", ".join(self._tell_values(field, values[:TOLD]))
        if len(values) > TOLD:
            words = self.env._(
                "%(values)s and %(count)s more", values=words, count=len(values) - TOLD
            )
        return self._tell_comparison(operator, label, words, len(values))

    @api.model
    def _tell_set(self, label, is_set):
        if is_set:
            return self.env._("%(field)s is set", field=label)
        return self.env._("%(field)s is not set", field=label)

    @api.model
    def _tell_comparison(self, operator, label, words, count):
        """Return a sentence that compares a field with values in words."""
        said = {"field": label, "value": words}
        match operator:
            case "=" | "==" | "=?" | "in" if count == 1:
                return self.env._("%(field)s is %(value)s", **said)
            case "!=" | "<>" | "not in" if count == 1:
                return self.env._("%(field)s is not %(value)s", **said)
            case "=" | "==" | "=?" | "in":
                return self.env._("%(field)s is one of %(value)s", **said)
            case "!=" | "<>" | "not in":
                return self.env._("%(field)s is none of %(value)s", **said)
            case "<":
                return self.env._("%(field)s is less than %(value)s", **said)
            case "<=":
                return self.env._("%(field)s is at most %(value)s", **said)
            case ">":
                return self.env._("%(field)s is more than %(value)s", **said)
            case ">=":
                return self.env._("%(field)s is at least %(value)s", **said)
            case "child_of":
                return self.env._("%(field)s is %(value)s or below", **said)
            case "parent_of":
                return self.env._("%(field)s is %(value)s or above", **said)
            case str() if operator.startswith("not "):
                return self.env._("%(field)s does not contain %(value)s", **said)
        return self.env._("%(field)s contains %(value)s", **said)

    @api.model
    def _tell_values(self, field, values):
        """Return values of a field in words. Records that the user may not read have
        no name here."""
        if field and field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return [str(labels.get(value, value)) for value in values]
        if field and field.comodel_name:
            return [self._tell_record(field.comodel_name, value) for value in values]
        return [self._tell_value(field, value) for value in values]

    @api.model
    def _tell_record(self, model, value):
        if not isinstance(value, int):
            return f"“{value}”" if value else self.env._("nothing")
        if not value:
            return self.env._("nothing")
        # what the engine has read for itself is not for everybody
        record = self.sudo(False).env[model].browse(value).exists()
        if not record:
            return self.env._("something deleted")
        if not record._filtered_access("read"):
            return self.env._("something you may not open")
        return f"“{record.display_name}”"

    @api.model
    def _tell_value(self, field, value):
        kind = field.type if field else ""
        try:
            if kind == "date" and value:
                return format_date(self.env, value)
            if kind == "datetime" and value:
                return format_datetime(self.env, value, dt_format="short")
        except ValueError:  # such as "today"
            return str(value)
        if isinstance(value, float) or (isinstance(value, int) and value is not False):
            return formatLang(self.env, value, digits=0 if value == int(value) else 2)
        return f"“{value}”" if value else self.env._("nothing")
