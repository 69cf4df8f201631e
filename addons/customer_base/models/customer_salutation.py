from odoo import fields, models


class CustomerSalutation(models.Model):
    """What one calls people: Anh, Chị, Ông, Bà …"""

    _name = "customer.salutation"
    _description = "Salutation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # the name in all languages is one value: what it is in the first is compared
    _name_once = models.UniqueIndex(
        "((name->>'en_US'))", "There is a salutation with this name already."
    )
