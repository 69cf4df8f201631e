"""Windows and forms that are opened on a hidden customer, and on documents of one."""

from contextlib import closing

#: Models whose records of the hidden customer windows and forms are opened on.
OPENED = (
    "account.move",
    "account.move.line",
    "crm.lead",
    "purchase.order",
    "purchase.order.line",
    "sale.order",
    "stock.move",
    "stock.picking",
)


def _open(user, model, documents):
    """Return a window, or a form, as it opens on documents: by every field that may
    take them."""
    context = {
        "active_model": documents._name,
        "active_id": documents[:1].id,
        "active_ids": documents.ids,
    }
    for name, field in model._fields.items():
        if name in ("model", "res_model"):
            value = documents._name
        elif name in ("res_id", "thread_id"):
            value = documents[:1].id
        elif name == "res_ids":
            value = str(documents.ids)
        elif field.relational and field.comodel_name == documents._name:
            ids = documents.ids
            value = ids[0] if field.type == "many2one" else [(6, 0, ids)]
        elif field.type == "reference":
            value = f"{documents._name},{documents[:1].id}"
        else:
            continue
        context[f"default_{name}"] = value
    return model.with_user(user).with_context(**context)


def _takes(model, documents):
    """Return whether a record of a model may be opened on documents."""
    return model._transient or any(
        field.comodel_name == documents._name
        if field.relational
        else field.type in ("reference", "many2one_reference")
        for field in model._fields.values()
    )


def _show(window):
    """Yield what a client asks for when a window opens, and when it is confirmed."""
    shown = {
        name: {"fields": {"display_name": {}}} if field.relational else {}
        for name, field in window._fields.items()
        if window._has_field_access(field, "read")
    }
    yield lambda: window.onchange({}, [], shown)
    yield lambda: window.create({}).web_read(shown)


def _say(env, call):
    """Return what a call says, be it that it fails."""
    try:
        with closing(env.cr.savepoint()):
            return str(call())
    except Exception as error:  # of any kind: not all windows are for all documents
        return str(error)
    finally:
        env.invalidate_all(flush=False)


def test_no_window_or_form_tells_of_a_hidden_customer(
    env, everything, hidden, told, monkeypatch
):
    """They are filled with what they are opened on, some of it past all rules."""
    own = [("partner_id", "=", hidden.id)]
    opened = [hidden, *(env[name].search(own) for name in OPENED)]
    lines = env["sale.order.line"].search([("order_partner_id", "=", hidden.id)])
    opened.append(lines)
    for documents in opened:
        assert documents, documents._name
    env.flush_all()
    leads = env["crm.lead"].search(own)
    window = _open(env.ref("base.user_root"), env["crm.merge.opportunity"], leads)
    assert any("Zyxhidden" in _say(env, call) for call in _show(window)), (
        "windows say nothing to anybody, so that this proves nothing"
    )
    # as in a request of that user
    monkeypatch.setattr(env.transaction, "default_env", env(user=everything.id))
    access = env["ir.model.access"].with_user(everything)
    telling = set()
    for name, model in env.items():
        if model._abstract or not access.check(name, "create", raise_exception=False):
            continue
        for documents in opened:
            if not _takes(model, documents):
                continue
            for call in _show(_open(everything, model, documents)):
                if "Zyxhidden" in _say(env, call).replace("Zyxhidden's ", ""):
                    telling.add((name, documents._name))
    assert not telling
