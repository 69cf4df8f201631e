"""What the steps of the story need to find records and to judge what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tools.story.client import Json2Client, Refused


class WentWrong(Exception):
    """The company is not in the state the story expects."""


def expect(what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise WentWrong(f"{what}: found {found!r}, not {wanted!r}.")


def one(user: Json2Client, model: str, domain: list, fields: list[str]) -> dict:
    """Return the only record that matches."""
    found = user.search(model, domain, fields)
    if len(found) != 1:
        raise WentWrong(f"{len(found)} records of {model} match {domain}, not one.")
    return found[0]


def refused(user: Json2Client, model: str, record_id: int, values: dict) -> str:
    """Return the words in which the server refuses to write."""
    try:
        user.call(model, "write", ids=[record_id], vals=values)
    except Refused as refusal:
        return str(refusal)
    raise WentWrong(f"{values} could be written on {model}: nobody stopped it.")


def transfer(user: Json2Client, pickings: list[int]) -> str:
    """Validate transfers; return their names."""
    user.call("stock.picking", "button_validate", ids=pickings)
    done = user.call("stock.picking", "read", ids=pickings, fields=["name", "state"])
    expect("transfers", {picking["state"] for picking in done}, {"done"})
    return ", ".join(picking["name"] for picking in done)


def holders(user: Json2Client, model: str, record_id: int) -> str:
    """Who must decide now, as that user sees it."""
    found = user.read(model, record_id, ["approval_holder_ids"])
    names = user.call(
        "res.users", "read", ids=found["approval_holder_ids"], fields=["name"]
    )
    return ", ".join(each["name"] for each in names)


def stored(moment: datetime) -> str:
    """As Odoo stores it: UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
