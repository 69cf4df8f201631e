from odoo import fields, models
from odoo.tools import SQL

from ..triggers import EVENT_TRIGGERS


class TimelineEvent(models.Model):
    """Something that happened to a document, once for each case that it belongs to.

    Kind and parameters, never text: readers read it in their own language. Amounts are
    apart, and nobody has rights to the model: the feed (``timeline.feed``) gives each
    reader what they may read.

    What it is about is kept as plain numbers, as documents may be deleted and the row
    stays as it is. Only customers and opportunities are references: they are merged,
    and the rows follow. The database refuses any other change.
    """

    _name = "timeline.event"
    _description = "Event of a Case"
    _inherit = ["approval.protected"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    department = fields.Char(readonly=True, help="Whose doing it was.")
    user_id = fields.Integer(readonly=True, export_string_translation=False)
    company_id = fields.Integer(readonly=True, export_string_translation=False)

    # the document, and its phases
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Integer(string="Record", required=True, readonly=True)
    chain = fields.Char(readonly=True, export_string_translation=False)
    parameters = fields.Json(readonly=True)
    amounts = fields.Json(readonly=True, groups=".")

    # the case
    sale_id = fields.Integer(readonly=True, export_string_translation=False)
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", readonly=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )
    family_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="set null",
        help="The company of the customer, with all its contacts.",
    )
    purchase_id = fields.Integer(readonly=True, export_string_translation=False)

    source = fields.Char(
        required=True, readonly=True, help="What tells it from all others."
    )
    is_home = fields.Boolean(
        readonly=True, help="The one that others are copies of, for other cases."
    )
    is_shown = fields.Boolean(readonly=True)

    _source_once = models.UniqueIndex("(source)", "This event is noted already.")
    _family_index = models.Index("(family_id, date DESC, id DESC) WHERE is_shown")
    _family_rest_index = models.Index(
        "(family_id, date DESC, id DESC) WHERE is_shown AND sale_id IS NULL"
    )
    _sale_index = models.Index("(sale_id, date DESC, id DESC)")
    _lead_index = models.Index("(lead_id, date DESC, id DESC)")
    _purchase_index = models.Index(
        "(purchase_id, date DESC, id DESC) WHERE purchase_id IS NOT NULL"
    )
    _document_index = models.Index("(res_model, res_id)")
    _partner_index = models.Index("(partner_id)")

    def init(self):
        self.env.cr.execute(SQL(EVENT_TRIGGERS.replace("%", "%%")))
