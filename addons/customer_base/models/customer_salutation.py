from odoo import fields, models


class CustomerSalutation(models.Model):
    """What one calls people: Anh, Chị, Ông, Bà …"""

    _name = "customer.salutation"
    _description = "Salutation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "There is a salutation with this name already."
    )
