from odoo.exceptions import ValidationError


class AlreadyThere(ValidationError):
    """A form was about to save a customer who is there already, and whom it did not
    show: whoever saves once more was told.

    :param str message: what the user reads
    :param ids: of the customers whom it names
    :param bool is_hidden: whether it says that a colleague has such a customer
    """

    def __init__(self, message, ids=(), is_hidden=False):
        super().__init__(message)
        # forms send it when they save once more
        self.context = {"told": {"ids": list(ids), "hidden": is_hidden}}
