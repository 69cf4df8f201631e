from odoo import fields, models


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
