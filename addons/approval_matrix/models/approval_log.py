from odoo import api, fields, models

from ..append_only import make_append_only
from ..fingerprint import GENESIS, chain_hash
from ..replay import Row

#: How a decision came.
CHANNELS = [("screen", "Screen"), ("mail", "E-mail link"), ("system", "System")]

SEALED_FIELDS = (
    "process_id",
    "sequence",
    "date",
    "event",
    "user_id",
    "on_behalf_of_id",
    "channel",
    "step_name",
    "comment",
    "details",
)

#: A row that does not continue the chain of its request is refused.
CHAIN = """
    CREATE OR REPLACE FUNCTION approval_log_continue() RETURNS trigger AS $$
    DECLARE
        last_sequence integer;
        last_hash varchar;
    BEGIN
        SELECT sequence, hash INTO last_sequence, last_hash
          FROM approval_log
         WHERE process_id = NEW.process_id
         ORDER BY sequence DESC LIMIT 1;
        IF NEW.sequence <> COALESCE(last_sequence, 0) + 1
           OR NEW.previous_hash <> COALESCE(last_hash, repeat('0', 64)) THEN
            RAISE EXCEPTION 'approval_log: row does not continue its chain'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;

    DROP TRIGGER IF EXISTS approval_log_chain ON approval_log;
    CREATE TRIGGER approval_log_chain
        BEFORE INSERT ON approval_log
        FOR EACH ROW EXECUTE FUNCTION approval_log_continue();
"""


class ApprovalLog(models.Model):
    """What happened in a process: append-only, each row sealed by the next.

    The database itself refuses to change or remove a row, and to add one that does
    not continue the chain of its process.
    """

    _name = "approval.log"
    _description = "Approval Log"
    _inherit = ["approval.protected"]
    _order = "process_id, sequence"
    _rec_name = "event"
    _log_access = False

    process_id = fields.Many2one(
        "approval.process", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="process_id.company_id")
    sequence = fields.Integer(required=True)
    date = fields.Datetime(required=True)
    event = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("forwarded", "Forwarded"),
            ("sent_back", "Sent back to the step before"),
            ("substituted", "Handed to a substitute"),
            ("returned", "Handed back after absence"),
            ("stayed", "Not handed to the substitute"),
            ("questioned", "Information asked"),
            ("answered", "Information given"),
            ("reminded", "Reminded"),
            ("warned", "Rejection announced"),
            ("escalated", "Escalated"),
            ("relimited", "Time limit changed"),
            ("granted", "Approval complete"),
            ("kept", "Changed, approval kept"),
            ("restored", "Approved terms restored"),
            ("withdrawn", "Withdrawn"),
            ("superseded", "Terms changed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    on_behalf_of_id = fields.Many2one(
        "res.users", string="On Behalf Of", ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS)
    step_name = fields.Char(string="Step")
    comment = fields.Text()
    details = fields.Json()
    previous_hash = fields.Char(required=True)
    hash = fields.Char(required=True)

    _process_sequence = models.UniqueIndex("(process_id, sequence)")

    def init(self):
        """Let the database itself guard the log."""
        make_append_only(self.env.cr, self._table)
        self.env.cr.execute(CHAIN)

    def _system_create(self, vals_list):
        """Seal the rows, given in order for each process, and append them.

        The process row carries the end of its chain, so that rows cut off the end
        are missed too; the caller holds the lock on it.
        """
        processes = self.env["approval.process"].browse(
            [vals["process_id"] for vals in vals_list]
        )
        for vals, process in zip(vals_list, processes, strict=True):
            vals["sequence"] = process.log_count + 1
            vals["previous_hash"] = process.log_hash or GENESIS
            vals["hash"] = chain_hash(vals["previous_hash"], self._content(vals))
            process._system_write(
                {"log_count": vals["sequence"], "log_hash": vals["hash"]}
            )
        return super()._system_create(vals_list)

    @api.model
    def _content(self, vals):
        """Return what the hash of a row covers, alike before and after storage.

        Empty values are left out, so that rows written before a field existed still
        fit their hashes.
        """
        content = {name: vals[name] for name in SEALED_FIELDS if vals.get(name)}
        content["date"] = fields.Datetime.to_string(vals["date"])
        return content

    def _get_rows(self):
        """Return the rows as ``fingerprint.first_broken`` wants them."""
        rows = []
        for log in self.sorted("sequence"):
            vals = {
                name: log._fields[name].convert_to_write(log[name], log)
                for name in SEALED_FIELDS
            }
            rows.append((self._content(vals), log.previous_hash, log.hash))
        return rows

    def _get_events(self):
        """Return the rows as ``replay`` wants them."""
        return [
            Row(
                log.event,
                log.user_id.id,
                log.on_behalf_of_id.id,
                log.step_name,
                log.comment,
                log.details,
            )
            for log in self.sorted("sequence")
        ]

    def _get_who(self):
        """Return who acted, and for whom; the system acts in nobody's name."""
        self.ensure_one()
        if self.channel == "system":
            return self.env._("System")
        person = self.user_id._approval_name_for(self.on_behalf_of_id)
        if self.channel == "mail":
            return self.env._("%(user)s, by link", user=person)
        return person
