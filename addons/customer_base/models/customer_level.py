from odoo import api, fields, models, tools


class CustomerLevel(models.Model):
    """How much a customer means to the company: VIP, gold … Whoever deals with one of
    theirs sees it by its colour."""

    _name = "customer.level"
    _description = "Customer Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(default=2)
    active = fields.Boolean(default=True)

    # the name in all languages is one value: what it is in the first is compared
    _name_once = models.UniqueIndex(
        "((name->>'en_US'))", "There is a customer level with this name already."
    )

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Tell whether there are levels: without them nothing asks for any."""
        return bool(self.sudo().with_context(active_test=False).search([], limit=1))

    def _describe(self):
        self.ensure_one()
        return {"name": self.name, "color": self.color}

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        self.env.registry.clear_cache()
        return levels

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
