"""Every way in which a caller from outside could learn something of a field.

Each is a call as Odoo's web client and its JSON-2 make it; what is answered, refusals
too, comes back as text that two calls can be compared by.
"""

import json
import re

from odoo.service.model import call_kw, get_public_method
from odoo.tools import mute_logger

OURS = ("crm_purchase_bridge", "supply_link", "urgent_orders")
#: With these in the context Odoo puts amounts into names.
TELLING = {"show_total_amount": True, "sale_show_order_product_name": True}
NUMBERS = ("float", "integer", "monetary")
#: How answers begin that are none.
REFUSED = "Refused: "


class Caller:
    """Somebody who tries all that can be tried with their rights."""

    def __init__(self, user):
        self.env = user.env(user=user, context={**user.env.context, **TELLING})

    def ask(self, model, method, *args, ids=None, **kwargs):
        """Call a method as Odoo's remote interfaces do.

        :param ids: of the records, for methods of records
        :return: what is answered, or how it is refused, as text
        """
        records = self.env[model]
        try:
            with mute_logger("odoo.models", "odoo.sql_db", "odoo.domains"):
                with self.env.cr.savepoint(flush=False):
                    function = get_public_method(records, method)
                    if not getattr(function, "_api_model", False):
                        args = (list(ids or []), *args)
                    kwargs["context"] = dict(self.env.context)
                    answer = call_kw(records, method, list(args), kwargs)
                    return json.dumps(answer, default=str, sort_keys=True)
        except Exception as error:
            return f"{REFUSED}{type(error).__name__}: {error}"


def get_ours(env):
    """Return what our addons made: names of fields by model, without abstract ones."""
    found = {}
    for name, model in env.registry.items():
        if model._abstract:
            continue
        is_ours = model._original_module in OURS
        fields = {
            field.name
            for field in model._fields.values()
            if is_ours or field._modules and set(OURS).issuperset(field._modules)
        }
        if fields:
            found[name] = sorted(fields)
    return found


def get_ways_to_field(env, model, name):
    """Yield the ways that tell something of one field.

    :return: what it is called, the method, its arguments and its named ones
    """
    field = env[model]._fields[name]
    ids = {"ids": env[model].sudo().search([], limit=200).ids}
    shown = {"fields": {"display_name": {}}} if field.relational else {}
    yield "read", "read", [[name]], ids
    yield "web_read", "web_read", [{name: shown}], ids
    yield "export", "export_data", [[name]], ids
    yield "search", "search_read", [[(name, "!=", False)], [name]], {}
    yield "name_search", "name_search", ["", [(name, "=", False)]], {}
    for order in (f"{name}, id", f"{name} desc, id"):
        yield f"order {order}", "search", [[]], {"order": order}
    for method in ("formatted_read_group", "web_read_group"):
        yield method, method, [[], [name], ["__count"]], {}
    for word in ("sum", "max", "array_agg", "count_distinct"):
        yield word, "formatted_read_group", [[], [], [f"{name}:{word}"]], {}
    if field.type in ("many2one", "selection"):
        counted = {"enable_counters": True}
        yield "side panel", "search_panel_select_range", [name], counted


def get_ways_to_price(env, model, path, amounts):
    """Yield the ways that lead from a field to a price, as above.

    :param path: names of fields, with dots, the last one is the price
    :param amounts: the two that the price may be; what is between them separates
    """
    between = sum(amounts) / 2
    head, _dot, rest = path.partition(".")
    domain = [(path, ">", between)]
    yield "search", "search", [domain], {}
    yield "not search", "search", [["!", *domain]], {}
    inside = [(head, "any", [(rest, "=", amounts[0])])]
    yield "search inside", "web_search_read", [inside, {"id": {}}], {}
    group = "formatted_read_group"
    yield "group", group, [[], [path], ["__count"]], {}
    yield "sum", group, [[], [head], [f"{path}:sum"]], {}
    having = {"having": [(f"{path}:sum", ">", between)]}
    yield "having", group, [[], [head], ["__count"]], having
    yield "order", "search", [[]], {"order": path}
    ids = {"ids": env[model].sudo().search([], limit=200).ids}
    yield "export", "export_data", [[path.replace(".", "/")]], ids
    shown = {}
    for name in reversed(path.split(".")):
        shown = {name: {"fields": shown} if shown else {}}
    yield "web_read", "web_read", [shown], ids


def get_pattern(amounts):
    """Return what finds amounts in a text, however they are written."""
    texts = []
    for amount in amounts:
        groups = f"{int(amount):,}".split(",")
        texts.append(r"[.,\s\u00a0\u202f]?".join(groups))
    return re.compile(rf"(?<!\d)(?:{'|'.join(texts)})(?!\d)")
