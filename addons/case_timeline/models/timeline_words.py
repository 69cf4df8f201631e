import re
from functools import cache

from odoo import api, fields, models, tools
from odoo.tools import SQL, LazyTranslate, format_date, format_datetime

from ..wording import list_words

_lt = LazyTranslate(__name__)

#: Places for parameters in a sentence.
PLACES = re.compile(r"%\(\w+\)s")

# translated when somebody reads them: no language is known while files are loaded
# pylint: disable=prefer-env-translation

#: What somebody does who holds a document.
STEPS = {
    "opportunity": _lt("Opportunity"),
    "quotation": _lt("Quotation"),
    "decision": _lt("Decision"),
    "offer": _lt("Offer"),
    "approval": _lt("Approval"),
    "information": _lt("Information for the approvers"),
    "deposit": _lt("Deposit"),
    "delivery": _lt("Delivery"),
    "transfer": _lt("Transfer"),
    "answer": _lt("Answer"),
}

#: What each kind of event says, with places for its parameters.
SENTENCES = {
    "lead.made": _lt("Opportunity “%(name)s” began"),
    "lead.stage": _lt("Opportunity “%(name)s”: stage “%(now)s”"),
    "lead.won": _lt("Opportunity “%(name)s” won"),
    "lead.lost": _lt("Opportunity “%(name)s” lost"),
    "lead.gone": _lt("Opportunity “%(name)s” deleted"),
    "lead.holder": _lt("Opportunity “%(name)s” handed over to %(now)s"),
    "sale.quoted": _lt("Quotation %(name)s"),
    "sale.sent": _lt("Quotation %(name)s sent"),
    "sale.confirmed": _lt("Order %(name)s confirmed"),
    "sale.cancelled": _lt("Order %(name)s cancelled"),
    "sale.gone": _lt("Order %(name)s deleted"),
    "sale.delivered_partial": _lt("Order %(name)s delivered in part"),
    "sale.delivered_full": _lt("Order %(name)s delivered in full"),
    "sale.date": _lt("Order %(name)s: delivery by %(now)s"),
    "sale.holder": _lt("Order %(name)s handed over to %(now)s"),
    "purchase.quoted": _lt("Purchase %(name)s prepared"),
    "purchase.sent": _lt("Vendor asked for an offer: %(name)s"),
    "purchase.submitted": _lt("Purchase %(name)s submitted"),
    "purchase.ordered": _lt("Purchase %(name)s ordered"),
    "purchase.cancelled": _lt("Purchase %(name)s cancelled"),
    "purchase.gone": _lt("Purchase %(name)s deleted"),
    "purchase.received_partial": _lt("Purchase %(name)s received in part"),
    "purchase.received_full": _lt("Purchase %(name)s received in full"),
    "purchase.date": _lt("Purchase %(name)s expected on %(now)s"),
    "purchase.holder": _lt("Purchase %(name)s handed over to %(now)s"),
    "picking.ready": _lt("Transfer %(name)s ready"),
    "picking.done": _lt("Transfer %(name)s done"),
    "picking.cancelled": _lt("Transfer %(name)s cancelled"),
    "invoice.posted": _lt("%(name)s posted"),
    "invoice.paid": _lt("%(name)s paid"),
    "invoice.cancelled": _lt("%(name)s cancelled"),
    "payment.made": _lt("Payment %(name)s under way"),
    "payment.paid": _lt("Payment %(name)s done"),
    "payment.cancelled": _lt("Payment %(name)s cancelled"),
    "payment.rejected": _lt("Payment %(name)s rejected"),
    "deposit.planned": _lt("Deposit %(name)s planned"),
    "deposit.waiting": _lt("Deposit %(name)s waits for approval"),
    "deposit.due": _lt("Deposit %(name)s is due"),
    "deposit.paid": _lt("Deposit %(name)s paid"),
    "deposit.done": _lt("Deposit %(name)s settled"),
    "deposit.cancelled": _lt("Deposit %(name)s cancelled"),
    "deposit.gone": _lt("Deposit %(name)s deleted"),
    "claim.made": _lt("Deposit claimed back"),
    "claim.withdrawn": _lt("Claim of a deposit withdrawn"),
    "claim.gone": _lt("Claim of a deposit deleted"),
    "question.open": _lt("Question about %(name)s"),
    "question.answered": _lt("Question about %(name)s answered"),
    "question.withdrawn": _lt("Question about %(name)s withdrawn"),
    "question.holder": _lt("Question about %(name)s passed on to %(now)s"),
    "promise.told": _lt("Customer told: %(product)s on %(told_on)s"),
    "promise.moved": _lt("Likely day of %(product)s: %(likely_on)s"),
    "mail.sent": _lt("E-mail sent"),
    "mail.received": _lt("E-mail received"),
    "meeting.made": _lt("Meeting arranged"),
    "meeting.date": _lt("Meeting moved to %(now)s"),
    "meeting.gone": _lt("Meeting cancelled"),
}

#: What people call kinds, too, when they look for them.
ALSO_CALLED = {
    "approval.granted": _lt("Approved"),
    "approval.rejected": _lt("Refused"),
    "sale.quoted": _lt("Offer"),
    "sale.confirmed": _lt("Ordered"),
    "sale.delivered_full": _lt("Delivered"),
    "purchase.received_full": _lt("Received"),
    **dict.fromkeys(
        ("lead.holder", "sale.holder", "purchase.holder", "question.holder"),
        _lt("Hand-over"),
    ),
}


class TimelineWords(models.AbstractModel):
    """What events are called, in the language of whoever reads them."""

    _name = "timeline.words"
    _description = "Words of the Timeline"

    @api.model
    def _get_departments(self):
        """Return the names of departments by key."""
        asked = self.env["supply.question"]._get_departments()
        return {
            **{key: department.label for key, department in asked.items()},
            "approval": self.env._("Approvers"),
            "vendor": self.env._("Vendor"),
            "customer": self.env._("Customer"),
            "nobody": self.env._("Nobody"),
        }

    @api.model
    def _get_acting(self):
        """Return the names of departments that do what is told."""
        asked = self.env["supply.question"]._get_departments()
        labels = self._get_departments()
        return {key: labels[key] for key in (*asked, "approval")}

    @api.model
    def _get_groups(self):
        """Return what kinds are about, by the first part of their names."""
        return {
            "lead": self.env._("Opportunities"),
            "sale": self.env._("Orders"),
            "promise": self.env._("Promises"),
            "purchase": self.env._("Purchases"),
            "approval": self.env._("Approvals"),
            "deposit": self.env._("Deposits"),
            "claim": self.env._("Claims"),
            "picking": self.env._("Transfers"),
            "invoice": self.env._("Invoices"),
            "payment": self.env._("Payments"),
            "question": self.env._("Questions"),
            "mail": self.env._("E-mails"),
            "meeting": self.env._("Meetings"),
        }

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_spoken_kinds(self):
        """Return the words that each kind is found by, in the user's language."""
        said = {kind: self.env._(text) for kind, text in SENTENCES.items()}
        field = self.env["approval.log"]._fields["event"]
        for event, label in field._description_selection(self.env):
            said[f"approval.{event}"] = label
        groups = self._get_groups()
        for kind in said:
            also = self.env._(ALSO_CALLED[kind]) if kind in ALSO_CALLED else ""
            group = groups.get(kind.split(".")[0], "")
            said[kind] = f"{PLACES.sub(' ', said[kind])} {also} {group}"
        return {kind: frozenset(list_words(text)) for kind, text in said.items()}

    @api.model
    def _get_spoken_departments(self):
        """Return the words that each department is found by."""
        return {key: list_words(name) for key, name in self._get_departments().items()}

    @api.model
    def _get_step(self, step):
        """Return the name of a step, in the user's language."""
        found = STEPS.get(step)
        return self.env._(found) if found else ""

    @api.model
    def _get_users(self, ids):
        """Return the names of users by id, also of those who left."""
        ids = {id_ for id_ in ids if id_}
        if not ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT account.id, partner.name
                  FROM res_users account
                  JOIN res_partner partner ON partner.id = account.partner_id
                 WHERE account.id = ANY(%s)
                """,
                list(ids),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _render(self, rows):
        """Return a sentence for each event.

        :param rows: events as dicts, with *kind* and *parameters*
        """
        kinds = {row["kind"] for row in rows}
        sentences = {
            kind: self.env._(SENTENCES[kind]) for kind in kinds & set(SENTENCES)
        }
        events = {}
        if any(kind.startswith("approval.") for kind in kinds):
            field = self.env["approval.log"]._fields["event"]
            events = dict(field._description_selection(self.env))
        stages, holders = self._read_stages(rows), self._read_holders(rows)
        format_once = cache(self._format_day)  # a page says the same few days
        for row in rows:
            kind, values = row["kind"], dict(row["parameters"] or {})
            if kind.startswith("approval."):
                label = events.get(kind.removeprefix("approval."), kind)
                row["text"] = label
                if values.get("step"):
                    row["text"] = self.env._(
                        "%(event)s: %(step)s", event=label, step=values["step"]
                    )
                continue
            if kind == "lead.stage":
                values["now"] = stages.get(values.get("now"), "")
            elif kind.endswith(".holder"):
                values["now"] = holders.get(values.get("now"), self.env._("nobody"))
            elif kind == "meeting.date":
                moment = fields.Datetime.to_datetime(values["now"].replace("T", " "))
                values["now"] = format_datetime(self.env, moment)
            elif kind.endswith(".date"):
                values["now"] = format_once(values.get("now"))
            elif kind.startswith("promise."):
                for name in ("told_on", "likely_on"):
                    values[name] = format_once(values.get(name))
            row["text"] = sentences.get(kind, kind) % _Blank(values)

    @api.model
    def _read_stages(self, rows):
        """Return the names of stages by id, as text."""
        ids = {
            int(row["parameters"]["now"])
            for row in rows
            if row["kind"] == "lead.stage" and row["parameters"].get("now")
        }
        stages = self.env["crm.stage"].sudo().browse(ids).exists()
        return {str(stage.id): stage.name for stage in stages}

    @api.model
    def _read_holders(self, rows):
        """Return the names of those to whom documents were given, by id."""
        given = [row for row in rows if row["kind"].endswith(".holder")]
        return self._get_users(row["parameters"].get("now") for row in given)

    @api.model
    def _format_day(self, value):
        """Return a day as the user writes it; a moment's is that of the user."""
        if not value:
            return self.env._("no day")
        if len(value) > len("2026-01-31"):
            moment = fields.Datetime.to_datetime(value.replace("T", " ")[:19])
            value = fields.Datetime.context_timestamp(self, moment).date()
        return format_date(self.env, value)


class _Blank(dict):
    """Parameters of a sentence, of which some may not be known."""

    def __missing__(self, key):
        return ""
