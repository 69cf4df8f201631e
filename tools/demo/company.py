"""The company itself: language, money, chart of accounts, warehouse."""

from __future__ import annotations

from odoo import fields
from odoo.api import Environment

LANGUAGE = "vi_VN"
TIME_ZONE = "Asia/Ho_Chi_Minh"
DONGS_PER_DOLLAR = 26_300


def set_up(env: Environment) -> None:
    env["res.lang"]._activate_and_install_lang(LANGUAGE)
    _identify(env)
    env["account.chart.template"].try_loading("vn", company=env.company)
    _enter_rate(env)
    _arrange_warehouse(env)
    _send_no_digests(env)


def find(env: Environment, model: str, field: str, value: str):
    return env[model].search([(field, "=", value)], limit=1).ensure_one()


def translate(record, name: str) -> None:
    record.with_context(lang=LANGUAGE).name = name


def _identify(env: Environment) -> None:
    company = env.ref("base.main_company")
    company.write(
        {
            "name": "Công ty TNHH Thiết bị An Phát",
            "country_id": env.ref("base.vn").id,
            "currency_id": env.ref("base.VND").id,
            # It has no contract for text messages: Odoo would ask at the first
            # delivery to a customer with a telephone, and send one at each.
            "stock_text_confirmation": False,
        }
    )
    company.partner_id.write(
        {
            "street": "128 Nguyễn Văn Cừ",
            "city": "Long Biên",
            "state_id": env.ref("base.state_vn_VN-HN").id,
            "phone": "+84 24 5555 0128",
            "email": "lienhe@anphat.example",
            "lang": LANGUAGE,
            "tz": TIME_ZONE,
        }
    )
    company.resource_calendar_id.tz = TIME_ZONE


def _enter_rate(env: Environment) -> None:
    dollar = env.ref("base.USD")
    dollar.rate_ids.unlink()
    dollar.active = True
    new_year = fields.Date.today().replace(month=1, day=1)
    env["res.currency.rate"].create(
        {
            "name": fields.Date.subtract(new_year, years=1),
            "currency_id": dollar.id,
            "company_id": env.company.id,
            "inverse_company_rate": DONGS_PER_DOLLAR,
        }
    )


def _arrange_warehouse(env: Environment) -> None:
    warehouse = env["stock.warehouse"].search([], limit=1)
    warehouse.write({"name": "Kho An Phát", "code": "KHO"})
    env.ref("stock.route_warehouse0_mto").active = True


def _send_no_digests(env: Environment) -> None:
    """Stop Odoo's periodic summaries: the company has no mail server, so that they
    would only be left as mails that failed."""
    digests = env["digest.digest"].search([("state", "=", "activated")])
    digests.action_deactivate()
