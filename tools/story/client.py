"""Odoo's public API, JSON-2: ``POST /json/2/<model>/<method>`` with an API key."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

TIMEOUT = 120
KEY_LIFE = timedelta(hours=2)
UNREACHABLE = "No Odoo answers at {url}: {reason}"


class Refused(Exception):
    """What the server said instead of doing it, in its own words."""

    def __init__(self, status: int, kind: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.kind = kind


class Json2Client:
    """Calls models' public methods as one user."""

    def __init__(
        self, url: str, database: str, key: str, uid: int, context: dict[str, Any]
    ) -> None:
        self.url = url
        self.uid = uid
        self.context = context
        self.headers = {
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def call(
        self, model: str, method: str, ids: list[int] | None = None, **arguments
    ) -> Any:
        """Return what the method returns.

        :raises Refused: when the server does not do it
        """
        body = {"context": self.context, **arguments}
        if ids is not None:
            body["ids"] = ids
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            data=json.dumps(body).encode(),
            headers=self.headers,
        )
        return _answer(urllib.request.build_opener(), request)

    def search(self, model: str, domain: list, fields: list[str], **more) -> list[dict]:
        return self.call(model, "search_read", domain=domain, fields=fields, **more)

    def read(self, model: str, record_id: int, fields: list[str]) -> dict:
        return self.call(model, "read", ids=[record_id], fields=fields)[0]


@contextmanager
def signed_in(
    url: str, database: str, login: str, password: str, **context: Any
) -> Iterator[Json2Client]:
    """Make an API key as a person does in *My Profile*, and remove it at the end."""
    session = _Session(url, database, login, password)
    name = f"story {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    key = session.make_key(name)
    try:
        yield Json2Client(url, database, key, session.uid, context)
    finally:
        session.remove_key(name)


class _Session:
    """What a browser does: log in with a password, press buttons."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self.url = url
        self.password = password
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        credentials = {"db": database, "login": login, "password": password}
        self.uid = self._post("/web/session/authenticate", credentials)["uid"]

    def make_key(self, name: str) -> str:
        expiry = datetime.now(UTC) + KEY_LIFE
        values = {
            "name": name,
            "duration": "-1",  # a date of one's own
            "expiration_date": f"{expiry:%Y-%m-%d %H:%M:%S}",
        }
        model = "res.users.apikeys.description"
        description = self._call(model, "create", [values])
        action = self._confirmed(self._call(model, "make_key", description))
        return action["context"]["default_key"]

    def remove_key(self, name: str) -> None:
        model = "res.users.apikeys"
        mine = [("name", "=", name), ("user_id", "=", self.uid)]
        self._confirmed(self._call(model, "remove", self._call(model, "search", mine)))

    def _confirmed(self, action: dict) -> dict:
        """Give the password again where Odoo asks for it."""
        if action.get("res_model") != "res.users.identitycheck":
            return action
        context = {"password": self.password}
        return self._call(
            action["res_model"], "run_check", [action["res_id"]], context=context
        )

    def _call(self, model: str, method: str, argument: Any, **keywords) -> Any:
        call = {
            "model": model,
            "method": method,
            "args": [argument],
            "kwargs": keywords,
        }
        return self._post(f"/web/dataset/call_kw/{model}/{method}", call)

    def _post(self, path: str, parameters: dict) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        answer = _answer(self.opener, request)
        if error := answer.get("error"):
            data = error.get("data", {})
            raise Refused(
                error.get("code", 0),
                data.get("name", ""),
                data.get("message") or error["message"],
            )
        return answer["result"]


def _answer(
    opener: urllib.request.OpenerDirector, request: urllib.request.Request
) -> Any:
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise _refusal(error) from None
    except OSError as error:
        words = UNREACHABLE.format(url=request.host, reason=error)
        raise Refused(0, "unreachable", words) from None


def _refusal(error: urllib.error.HTTPError) -> Refused:
    text = error.read().decode(errors="replace")
    try:
        body = json.loads(text)
        return Refused(error.code, body["name"], body["message"])
    except (ValueError, KeyError, TypeError):
        return Refused(error.code, error.reason, text[:300])
