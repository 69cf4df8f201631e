from lunar_vn import LunarDate

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date
from odoo.tools.sql import column_exists, create_column

from ..occasions.birthdays import get_next_birthday, get_next_day
from ..occasions.lunar import (
    FIRST_DAY,
    NoSuchDay,
    read_day,
    read_lunar,
    to_lunar,
    to_solar,
    write_lunar,
)

#: So many birthdays that are over are moved on at once.
BATCH = 2_000


class ResPartner(models.Model):
    """People: what one calls them, and when their birthday is, by the calendar that
    they keep it by."""

    _inherit = "res.partner"

    salutation_id = fields.Many2one(
        "customer.salutation",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    greeting = fields.Char(
        compute="_compute_greeting",
        groups="base.group_user",
        help="What an e-mail begins with: the salutation and what one is called by.",
    )
    # named as in the addons of OCA, so that both can be installed
    gender = fields.Selection(
        [("male", "Male"), ("female", "Female"), ("other", "Other")],
        groups="base.group_user",
    )
    birthdate_date = fields.Date(
        "Birth Date", groups="base.group_user", help="By the solar calendar."
    )
    birthdate_lunar = fields.Char(
        "Lunar Birth Date",
        compute="_compute_birthdate_lunar",
        inverse="_inverse_birthdate_lunar",
        groups="base.group_user",
        help="Day, month and year by the lunar calendar, such as 10/3/2019; in a leap "
        "month 10/4 nhuận/2020. It is the same day as the birth date.",
    )
    birthday_no_year = fields.Char(
        "Birthday",
        groups="base.group_user",
        help="Day and month, such as 10/3, of who does not tell the year. A birth date "
        "counts instead where there is one.",
    )
    is_lunar_birthday = fields.Boolean(
        "Keeps the Lunar Birthday",
        groups="base.group_user",
        help="The birthday comes by the lunar calendar each year.",
    )
    birthday_next = fields.Date(
        "Next Birthday",
        compute="_compute_birthday_next",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )

    def _auto_init(self):
        # nobody has a birth date yet: nothing to work out for a million of them
        if not column_exists(self.env.cr, self._table, "birthday_next"):
            create_column(self.env.cr, self._table, "birthday_next", "date")
        return super()._auto_init()

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "salutation_id.name", "is_company")
    def _compute_greeting(self):
        for partner in self:
            called = partner.name or ""
            if partner.salutation_id and not partner.is_company and called.strip():
                # one is called by the last part of a Vietnamese name
                called = f"{partner.salutation_id.name} {called.split()[-1]}"
            partner.greeting = called

    @api.depends("birthdate_date")
    def _compute_birthdate_lunar(self):
        for partner in self:
            lunar = partner.birthdate_date and to_lunar(partner.birthdate_date)
            partner.birthdate_lunar = lunar and write_lunar(lunar)

    def _inverse_birthdate_lunar(self):
        for partner in self:
            text = partner.birthdate_lunar
            if not partner._take_day(text):
                partner.birthdate_date = text and partner._read_lunar(text)

    @api.depends("birthdate_date", "birthday_no_year", "is_lunar_birthday")
    def _compute_birthday_next(self):
        today = fields.Date.context_today(self)
        for partner in self:
            born, is_lunar = partner.birthdate_date, partner.is_lunar_birthday
            if born:
                partner.birthday_next = get_next_birthday(born, today, is_lunar)
                continue
            try:
                day = partner.birthday_no_year and read_day(partner.birthday_no_year)
                partner.birthday_next = day and get_next_day(*day, today, is_lunar)
            except ValueError:  # it is refused when it is saved
                partner.birthday_next = False

    @api.onchange("birthdate_lunar")
    def _onchange_birthdate_lunar(self):
        text = self.birthdate_lunar
        lunar = self.birthdate_date and to_lunar(self.birthdate_date)
        if not text or (lunar and text == write_lunar(lunar)):
            return None
        if self._take_day(text):
            self.birthdate_lunar = False
            return None
        try:
            self.birthdate_date = self._read_lunar(text)
        except ValidationError as error:
            self.birthdate_lunar = lunar and write_lunar(lunar)
            title = self.env._("No lunar date")
            return {"warning": {"title": title, "message": str(error)}}
        # who says it by the lunar calendar keeps it by that
        self.is_lunar_birthday = True
        return None

    def _take_day(self, text):
        """Keep a lunar day that somebody wrote without its year, where no birth date
        says more.

        :return: whether it is one
        :rtype: bool
        """
        if self.birthdate_date or not text:
            return False
        try:
            day, month = read_day(text)
        except ValueError:
            return False
        self.birthday_no_year = f"{day}/{month}"
        self.is_lunar_birthday = True
        return True

    @api.model
    def _read_lunar(self, text):
        """Return the solar day of what somebody wrote.

        :raises ValidationError: says what a lunar date looks like, or why there is none
        :rtype: datetime.date
        """
        try:
            # programs send whatever they have
            return to_solar(read_lunar(str(text)))
        except NoSuchDay as error:
            if error.month_length:
                message = self.env._(
                    "There is no day %(date)s: this lunar month has 29 days.", date=text
                )
            else:
                message = self.env._(
                    "There is no day %(date)s in the lunar calendar: look at the year "
                    "and whether it has this leap month.",
                    date=text,
                )
            raise ValidationError(message) from error
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is no lunar date. Write day, month and year, such as "
                    "%(date)s, or %(leap)s in a leap month.",
                    text=text,
                    date=write_lunar(LunarDate(10, 3, 2019)),
                    leap=write_lunar(LunarDate(10, 4, 2020, leap=True)),
                )
            ) from error

    @api.onchange("birthday_no_year")
    def _onchange_birthday_no_year(self):
        try:
            day, month = read_day(self.birthday_no_year or "")
        except ValueError:
            return
        self.birthday_no_year = f"{day}/{month}"

    @api.constrains("birthday_no_year", "is_lunar_birthday")
    def _check_birthday_no_year(self):
        for partner in self.filtered("birthday_no_year"):
            try:
                day, month = read_day(partner.birthday_no_year)
                get_next_day(day, month, FIRST_DAY, partner.is_lunar_birthday)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” is no birthday. Write day and month, such as "
                        "10/3; lunar months have at most 30 days.",
                        text=partner.birthday_no_year,
                    )
                ) from error

    @api.constrains("birthdate_date")
    def _check_birthdate(self):
        # in the east it is tomorrow already
        latest = fields.Date.add(fields.Date.today(), days=1)
        for partner in self.filtered("birthdate_date"):
            if not FIRST_DAY <= partner.birthdate_date <= latest:
                raise ValidationError(
                    self.env._(
                        "%(name)s: a birth date lies between %(first)s and today, "
                        "and is not %(date)s.",
                        name=partner.display_name,
                        first=format_date(self.env, FIRST_DAY),
                        date=format_date(self.env, partner.birthdate_date),
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_birthday(vals) for vals in vals_list])

    def write(self, vals):
        if vals.get("birthdate_lunar"):
            vals = self._read_birthday(vals)
        return super().write(vals)

    def _read_birthday(self, values):
        """Return values in which whoever brings the lunar date only keeps the birthday
        by it, as whoever types it in a form does.

        :raises ValidationError: when both dates are there, and are two days
        """
        text, solar = values.get("birthdate_lunar"), values.get("birthdate_date")
        if not text:
            return values
        if not solar:
            if not self or any(partner.birthdate_lunar != text for partner in self):
                return {"is_lunar_birthday": True} | values
            return values
        if self._read_lunar(text) != fields.Date.to_date(solar):
            raise ValidationError(
                self.env._(
                    "The lunar date %(lunar)s is another day than %(solar)s: one of "
                    "them is enough.",
                    lunar=text,
                    solar=format_date(self.env, solar),
                )
            )
        return values

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_birthdays(self):
        """Move birthdays that are over to the next year, so many at once."""
        field = self._fields["birthday_next"]
        partners = self.with_context(active_test=False)
        over = [("birthday_next", "<", fields.Date.context_today(self))]
        while batch := partners.search(over, limit=BATCH, order="id"):
            self.env.add_to_compute(field, batch)
            batch.flush_recordset([field.name])
            left = int(len(batch) == BATCH)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                break
