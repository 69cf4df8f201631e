"""What our addons define, found in the registry, so that nothing can be forgotten."""

from tools import places

OURS = frozenset(places.addons())

#: What stands around Odoo's own methods and gives nobody a way to act.
GUARDS = frozenset(
    {
        # refuses, on every model (customer_base/tests/test_access_named.py)
        "odoo.addons.customer_base.models.base",
        "odoo.addons.customer_base.models.mail_thread",
        # forgets who leads whom (customer_base*/tests/test_access*.py)
        "odoo.addons.customer_base.models.customer_leading",
        # leaves out a name (customer_base/tests/test_access_mail.py)
        "odoo.addons.customer_base.models.mail_activity",
        # leaves out an address (customer_base/tests/test_access_former.py)
        "odoo.addons.customer_base.models.ir_qweb_field_contact",
        # tells employees' browsers one thing more
        "odoo.addons.customer_base.models.ir_http",
    }
)


def models(registry):
    """Return the names of the models that our addons made."""
    return {name for name in registry if _is_ours(registry, name)}


def abstract(registry):
    """Return those of our models that store nothing."""
    return {name for name in models(registry) if registry[name]._abstract}


def methods(env):
    """Return what callers from outside reach of our code, on any model.

    Odoo itself decides what can be reached: ``get_public_method`` is what each of
    its remote interfaces asks.

    :return: by model, the names of its methods
    """
    found = {}
    for model in env.registry:
        names = {
            name
            for model_class in env.registry[model].mro()
            if _addon(model_class) in OURS and model_class.__module__ not in GUARDS
            for name, value in vars(model_class).items()
            if callable(value) and _is_public(env[model], name)
        }
        if names:
            found[model] = names
    return found


def routes(registry):
    """Return the addresses that our addons answer, each with who may ask."""
    from odoo.http import _generate_routing_rules

    rules = _generate_routing_rules(registry._init_modules, nodb_only=False)
    return {
        (url, endpoint.routing["auth"])
        for url, endpoint in rules
        if _addon(endpoint.func) in OURS
    }


def fields(registry):
    """Return what we added to other people's models, by model."""
    found = {}
    for model in set(registry) - models(registry):
        names = {
            name
            for name, field in registry[model]._fields.items()
            if field._modules and OURS.issuperset(field._modules)
        }
        if names:
            found[model] = names
    return found


def ancestors(registry, model):
    """Return a model and those of ours it inherits from, nearest first."""
    names = [getattr(each, "_name", None) for each in registry[model].mro()]
    # not by all our models: the tests of methods ask 5,700 times
    ours = [name for name in dict.fromkeys(names) if _is_ours(registry, name)]
    return [model, *(name for name in ours if name != model)]


def tables(env):
    """Return the tables whose rows tell whether a call changed anything."""
    registry = env.registry
    watched = models(registry) | set(methods(env))
    found = set()
    for model in watched:
        model_class = registry[model]
        if model_class._abstract or model_class._transient or not model_class._auto:
            continue
        found.add(model_class._table)
        found |= {
            field.relation
            for field in model_class._fields.values()
            if field.type == "many2many" and field.store and model in models(registry)
        }
    return sorted(found)


def _is_ours(registry, name):
    return name in registry and registry[name]._original_module in OURS


def _addon(code):
    parts = code.__module__.split(".")
    return parts[2] if parts[:2] == ["odoo", "addons"] else None


def _is_public(model, name):
    from odoo.exceptions import AccessError
    from odoo.service.model import get_public_method

    try:
        get_public_method(model, name)
    except AccessError:
        return False
    return True
