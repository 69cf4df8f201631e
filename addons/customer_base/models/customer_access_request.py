import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

#: So many customers may one user ask for within a day: who wants more goes through
#: the whole book.
MOST_A_DAY = 20
#: Who was refused may ask again after so many days.
SILENT = 30
#: For so many days a leader shares, unless another day is chosen.
SHARED = 30
#: So many managers are told when no leader can be.
MANAGERS = 5


class CustomerAccessRequest(models.Model):
    """A salesperson asks for a customer whom they may not see.

    The leader decides. Who asks is told the outcome: the name only when it is granted,
    and never who owns the customer, nor whether others are like it.
    """

    _name = "customer.access.request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Request for a Customer"
    _order = "id DESC"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Requested by", required=True, index=True, ondelete="cascade"
    )
    reason = fields.Char()
    owner_id = fields.Many2one(related="partner_id.user_id", string="Owned by")
    leader_id = fields.Many2one(
        "res.users",
        "Decided by",
        index="btree_not_null",
        help="The leader of the sales team; without one all sales managers may decide.",
    )
    state = fields.Selection(
        [("asked", "Requested"), ("granted", "Granted"), ("refused", "Refused")],
        required=True,
        default="asked",
    )
    until = fields.Date(default=lambda self: self._get_last_day(), help="The last day.")
    may_hand_over = fields.Boolean(compute="_compute_may_hand_over")

    _asked_once = models.UniqueIndex("(partner_id, user_id) WHERE state = 'asked'")

    @api.model
    def _get_last_day(self):
        return fields.Date.context_today(self) + datetime.timedelta(days=SHARED)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_may_hand_over(self):
        user = self.env.user
        led = user._get_led_user_ids() if user._has_own_customers_only() else None
        for request in self:
            request.may_hand_over = led is None or request.user_id.id in led

    def write(self, vals):
        if not self.env.su and vals.keys() - {"until"}:
            raise UserError(
                self.env._("Please grant or refuse the request with its buttons.")
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _ask(self, partners, reason=None):
        """Ask the leaders for customers whom the user may not see.

        It says nothing about them, not even whether there was anything to ask for.

        :param partners: customers; those whom the user sees, and who were asked for
            already, are left out
        :param str reason: in the user's words
        :raises UserError: for who asks for too many in a day
        """
        user = self.env.user
        families = partners.sudo().commercial_partner_id
        visible = self.env["customer.access"]._filter(families.ids)
        # nothing of it belongs to who asks: they read activities that they made, and
        # follow what they made, both with the customer's name
        requests = self.with_user(SUPERUSER_ID)
        now = fields.Datetime.now()
        known = requests.search(
            [
                ("user_id", "=", user.id),
                ("partner_id", "in", families.ids),
                "|",
                ("state", "=", "asked"),
                "&",
                ("state", "=", "refused"),
                ("write_date", ">", now - datetime.timedelta(days=SILENT)),
            ]
        )
        families = families.filtered(lambda one: one.id not in visible)
        families -= known.partner_id
        # two clicks at once are one request
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtext('customer.access.request'), %s)",
            (user.id,),
        )
        today = requests.search_count(
            [
                ("user_id", "=", user.id),
                ("create_date", ">", now - datetime.timedelta(days=1)),
            ]
        )
        if today + len(families) > MOST_A_DAY:
            raise UserError(
                self.env._(
                    "You asked for many customers today. Please try again tomorrow, or "
                    "talk to the leader of your sales team."
                )
            )
        for family in families:
            leader = requests._get_leader(family, user)
            requests.create(
                {
                    "partner_id": family.id,
                    "user_id": user.id,
                    "reason": reason,
                    "leader_id": leader.id,
                }
            )._tell_leaders()

    @api.model
    def _get_leader(self, partner, user):
        """Return who leads the owner of a customer, or the one who asks for one that
        nobody owns; nobody when they lead themselves."""
        owner = partner.user_id or user
        teams = self.env["crm.team"].search([("member_ids", "in", owner.ids)])
        leaders = teams.user_id.filtered("active") - user
        return leaders[:1]

    def _tell_leaders(self):
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        managers = managers.filtered(lambda one: one.active and not one._is_superuser())
        for request in self:
            for user in request.leader_id or managers[:MANAGERS]:
                # in the language of who reads it, not of who asks
                request = request.with_context(lang=user.lang)
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=request.env._("A salesperson asks for a customer"),
                )

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    def action_grant(self):
        """Share the customer until the day of the request."""
        self._decide("granted")
        # with the rights of who decides: leaders share their own teams' only
        self.env["customer.share"].create(
            [
                {
                    "partner_id": request.partner_id.id,
                    "user_id": request.user_id.id,
                    "until": request.until or self._get_last_day(),
                    "reason": request.reason or self.env._("Asked for"),
                }
                for request in self
                # it may be theirs by now
                if request.sudo().partner_id.user_id != request.user_id
            ]
        )
        self._tell_asker()

    def action_hand_over(self):
        """Make the one who asks the owner of the customer."""
        self._decide("granted")
        for request in self:
            request.partner_id.user_id = request.user_id
        self._tell_asker()

    def action_forward(self):
        """Let sales managers decide: they hand over to another team, too."""
        self._check_undecided()
        sudo = self.with_user(SUPERUSER_ID)
        sudo.activity_ids.unlink()
        sudo.leader_id = False
        sudo._tell_leaders()
        # whoever forwards it does not read it any more
        action = "customer_base.customer_access_request_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {**action, "target": "main"}

    def action_refuse(self):
        """Say no."""
        self._decide("refused")
        self._tell_asker()

    def _check_undecided(self):
        self.check_access("write")
        self.lock_for_update()
        if any(request.state != "asked" for request in self):
            raise UserError(self.env._("This request has been decided already."))

    def _decide(self, state):
        self._check_undecided()
        sudo = self.sudo()
        sudo.state = state
        sudo.activity_ids.unlink()

    def _tell_asker(self):
        for request in self.sudo():
            request = request.with_context(lang=request.user_id.lang)
            body = request.env._("Your request for a customer was refused.")
            if request.state == "granted":
                body = request.env._(
                    "Your request was granted: %(customer)s.",
                    customer=request.partner_id.display_name,
                )
            request.env["mail.thread"].message_notify(
                partner_ids=request.user_id.partner_id.ids,
                subject=request.env._("Your request for a customer"),
                body=body,
            )
