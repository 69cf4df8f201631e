from odoo.exceptions import ValidationError


class AlreadyThere(ValidationError):
    """A form was about to save a customer who is there already, and whom it did not
    show: whoever saves once more was told."""
