"""Every role × every method of ours that callers from outside reach.

The methods come from the registry; what must happen is in ``security.methods``.
"""

import inspect

import pytest

from security import inventory
from security.company import DOCUMENTS
from security.holes import known
from security.methods import METHODS, ROUTES, Method
from security.roles import asked_about
from security.scene import REFUSALS

CRUD = {"create", "write", "unlink"}

#: Keys that callers may set, and that must loosen nothing.
FORGED = {
    "active_test": False,
    "allowed_company_ids": [1],
    "approval_engine": True,
    "approval_matrix.watch": {"settled": True},
    "default_holder_id": 1,
    "default_state": "purchase",
    "show_total_amount": True,
    "skip_alternative_check": True,
    "su": True,
    "uid": 1,
}

#: What a caller may send for any parameter.
NONSENSE = (None, "nonsense", -1, {}, [[]])
MISSING = 2**31 - 1

#: On which models the methods of a mixin are called.
HEIRS = {
    "approval.mixin": DOCUMENTS,
    "approval.setup": ("approval.setup",),
    "customer.match": ("customer.match",),
    "cx.figures": ("cx.figures",),
    "cx.overview": ("cx.overview",),
    "cx.report": (
        "cx.case.step.report",
        "cx.churn.report",
        "cx.conversion.report",
        "cx.delivery.report",
        "cx.revenue.report",
        "cx.urgency.report",
        "cx.vendor.report",
        "cx.waiting.report",
    ),
    "cx.request.report": ("cx.approval.report", "cx.step.report"),
    "cx.waiting": ("cx.waiting",),
    "purchase.excess.source": ("account.move", "account.payment"),
    "supply.caller": ("supply.caller",),
    "supply.desk": ("supply.desk",),
    "supply.overview": ("supply.overview",),
    "supply.panel": ("supply.panel",),
    "supply.quotes": ("supply.quotes",),
    "supply.question.mixin": (
        "crm.lead",
        "crm.lead.line",
        "purchase.order",
        "purchase.order.line",
        "sale.order",
        "sale.order.line",
        "stock.picking",
    ),
    "timeline.feed": ("timeline.feed",),
    "timeline.lanes": ("timeline.lanes",),
    "urgency.mixin": ("crm.lead", "purchase.order", "sale.order", "stock.picking"),
}


def _expectation(registry, model, method):
    for name in inventory.ancestors(registry, model):
        if method in METHODS.get(name, {}):
            return METHODS[name][method]
    if method in CRUD and model in inventory.models(registry):
        return Method()
    return None


def test_every_method_has_an_expectation(scene):
    with scene.session() as env:
        found = inventory.methods(env)
    missing = [
        f"{model}.{method}"
        for model, names in sorted(found.items())
        for method in sorted(names)
        if _expectation(scene.registry, model, method) is None
    ]
    assert not missing, (
        f"Anybody may call {missing}: add them to security.methods.METHODS and say "
        "what happens on a stranger's record, or make them private: a name that "
        "begins with _, or @api.private."
    )


def test_every_expectation_has_a_method(scene):
    with scene.session() as env:
        found = inventory.methods(env)
    gone = [
        f"{model}.{method}"
        for model, methods in METHODS.items()
        for method in methods
        if method not in found.get(model, ())
    ]
    assert not gone, f"Take {gone} out of security.methods.METHODS: no such methods."


def test_every_route_is_known(scene):
    found = inventory.routes(scene.registry)
    assert found == ROUTES, (
        "Name each address in security.methods.ROUTES, and test beside its addon what "
        "strangers get there."
    )


def test_every_mixin_has_heirs(scene):
    """Its methods are called on the models that inherit it."""
    abstract = inventory.abstract(scene.registry)
    missing = abstract & set(METHODS) - set(HEIRS)
    assert not missing, f"Say in HEIRS which models inherit {sorted(missing)}."


def _concrete():
    """Yield each method on each model that has records, as the table has them."""
    for model, methods in METHODS.items():
        for heir in HEIRS.get(model, [model]):
            own = METHODS.get(heir, {}) if heir != model else {}
            yield from ((heir, method) for method in methods if method not in own)


def _cases(kind):
    for model, method in _concrete():
        for role in asked_about(model):
            name = f"{model}.{method}"
            marks = known(kind, name, role)
            yield pytest.param(model, method, role, marks=marks, id=f"{name}-{role}")


@pytest.mark.parametrize("model, method, role", _cases("plausible"))
def test_call_on_strangers_records(scene, model, method, role):
    expected = _expectation(scene.registry, model, method)
    assert model in scene.theirs, f"Scene.theirs has no stranger's record of {model}."
    contexts = ({}, FORGED) if role in expected.may else (FORGED,)
    for name, record in scene.theirs[model].items():
        for args in expected.calls:
            for context in contexts:
                outcome = scene.call(role, model, method, [record], args, context)
                said = f"{name}, {args}, {context}: {outcome}"
                clumsy = context and isinstance(outcome.error, expected.clumsy)
                assert outcome.refused or not outcome.error or clumsy, said
                assert not outcome.decided, said
                if role in expected.may:
                    continue
                assert not outcome.changed, said
                assert outcome.error or role in expected.answers, said


@pytest.mark.parametrize("model, method, role", _cases("nonsense"))
def test_call_with_nonsense(scene, model, method, role):
    expected = _expectation(scene.registry, model, method)
    function = getattr(scene.registry[model], method)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    theirs = next(iter(scene.theirs[model].values()))
    calls = [([theirs], [value] * len(parameters)) for value in NONSENSE if parameters]
    for args in [()] if () in expected.calls else [(), expected.calls[-1]]:
        calls += [([], args), ([MISSING], args)]
    for ids, args in calls:
        outcome = scene.call(role, model, method, ids, args)
        tolerated = (*REFUSALS, *expected.clumsy)
        left_out = parameters[len(args) :]
        if any(parameter.default is parameter.empty for parameter in left_out):
            tolerated = TypeError  # Python itself says that an argument is missing
        said = f"{ids}, {args}: {outcome}"
        assert outcome.error is None or isinstance(outcome.error, tolerated), said
        assert not outcome.decided, said
        assert role in expected.may or not outcome.changed, said
