"""Two people at their screens: Chromium, driven over its debugging protocol.

Odoo's tours play one person at a time. Here several log in at once, each with cookies
of their own, on a real server: for tests, benchmarks and screenshots.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import websocket

from tools.console import Fail

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 90
START = 30


class Browser:
    """A running Chromium; each page of it belongs to somebody else."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(
            address, timeout=SECONDS, suppress_origin=True
        )
        self._numbers = itertools.count(1)

    def call(self, method: str, session: str | None = None, **parameters):
        """Ask Chromium something and return what it answers."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url: str, login: str, password: str) -> Page:
        """Let somebody log in, in a window that shares nothing with others."""
        page = self.window(url)
        page.log_in(login, password)
        return page

    def window(self, url: str) -> Page:
        """Open a window that shares nothing with others, and in which nobody is."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call(
            "Target.createTarget", url="about:blank", browserContextId=context
        )
        session = self.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        return Page(self, session["sessionId"], url)

    def close(self) -> None:
        self._socket.close()


class Page:
    """A window of somebody who is logged in."""

    def __init__(self, browser: Browser, session: str, url: str) -> None:
        self._browser, self._session, self._url = browser, session, url

    def show(self, path: str) -> None:
        self._browser.call("Page.navigate", self._session, url=self._url + path)

    def resize(self, width: int, height: int, is_phone: bool = False) -> None:
        self._browser.call(
            "Emulation.setDeviceMetricsOverride",
            self._session,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_phone,
        )
        self._browser.call(
            "Emulation.setTouchEmulationEnabled", self._session, enabled=is_phone
        )

        self._browser.call("Emulation.setScrollbarsHidden", self._session, hidden=True)

    def be_in(self, time_zone: str) -> None:
        self._browser.call(
            "Emulation.setTimezoneOverride", self._session, timezoneId=time_zone
        )

    def settle(self) -> None:
        """Wait until nothing is drawn or loaded any more: letters, pictures, what
        fades in."""
        passing = ".o_loading_indicator, .o_notification, .o_pager_indicator"
        quiet = f"!document.querySelector('{passing}')"
        rests = (
            f"{quiet} && document.fonts.status === 'loaded' && "
            "[...document.images].every((image) => image.complete)"
        )
        self.until(rests, "the page does not come to rest")
        # what is asked of the server for long is not seen to be loaded at once
        self.run("new Promise((done) => setTimeout(done, 500))")
        self.until(rests, "the page does not come to rest again")

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        answer = self._browser.call("Page.captureScreenshot", self._session)
        return base64.b64decode(answer["data"])

    def run(self, script: str):
        """Return what a JavaScript expression comes to; it may be a promise."""
        answer = self._browser.call(
            "Runtime.evaluate",
            self._session,
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def log_in(self, login: str, password: str) -> None:
        self.show("/web/login")
        self.until("!!document.querySelector('input[name=login]')", "no log-in page")
        self.run(
            "document.querySelector('input[name=login]').value = "
            f"{json.dumps(login)};"
            "document.querySelector('input[name=password]').value = "
            f"{json.dumps(password)};"
            "document.querySelector('form.oe_login_form').submit()"
        )
        # until it has started: whoever leaves while it opens its caches finds the next
        # page waiting for them, and white, for ever
        is_in = "!!document.querySelector('.o_main_navbar')"
        try:
            self.until(is_in, f"{login} is not in", seconds=START)
        except AssertionError:
            # so is a new window now and then, while the machine is busy: people load
            # it once more, without what the page before has left of its caches
            self._browser.call("Page.navigate", self._session, url="about:blank")
            self._browser.call(
                "Storage.clearDataForOrigin",
                self._session,
                origin=self._url,
                storageTypes="indexeddb",
            )
            self.show("/odoo")
            self.until(is_in, f"{login} is not in")

    def text(self, selector: str) -> str:
        return self.run(
            f"(document.querySelector({json.dumps(selector)}) || {{}}).innerText || ''"
        )

    def press(self, element: str) -> None:
        """Press the mouse on an element, which a JavaScript expression finds; what is
        in a field is marked, as when one comes there by the keyboard."""
        x, y = self.run(
            f"(() => {{ const element = {element};"
            "element.scrollIntoView({block: 'center', inline: 'center'});"
            "const box = element.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._browser.call(
                "Input.dispatchMouseEvent",
                self._session,
                type=kind,
                x=x,
                y=y,
                button="none" if kind == "mouseMoved" else "left",
                clickCount=1,
            )
        self.run("document.activeElement?.select?.()")

    def type(self, text: str, *, enter: bool = False) -> None:
        """Type into the field one is in."""
        self._browser.call("Input.insertText", self._session, text=text)
        if enter:
            self._strike("Enter", 13, "\r")

    def tab(self) -> None:
        """Go on to what comes next by the keyboard."""
        self._strike("Tab", 9)

    def _strike(self, key: str, code: int, text: str = "") -> None:
        for kind in ("keyDown", "keyUp"):
            self._browser.call(
                "Input.dispatchKeyEvent",
                self._session,
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                text=text if kind == "keyDown" else "",
            )

    def close(self) -> None:
        """Close the window as a person does: the page hears of it before."""
        self._browser.call("Page.close", self._session)

    def until(
        self, condition: str, complaint: str, *, seconds: float = SECONDS
    ) -> None:
        """Wait until a JavaScript condition is true; the browser tells when it is
        asked, and has time for the page in between."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(AssertionError):
                # between two pages there is none to ask
                if self.run(condition):
                    return
            assert time.monotonic() < deadline, f"{complaint}: {self.text('body')}"
            time.sleep(0.05)

    def call(self, model: str, method: str, *args, **kwargs):
        """Call the server as this window's web client does.

        :param kwargs: further arguments, such as the ``context``
        :return: its answer; nothing, where the method returns nothing
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.run(
            f"fetch('/web/dataset/call_kw/{model}/{method}', {{method: 'POST', "
            "headers: {'Content-Type': 'application/json'}, "
            f"body: {json.dumps(json.dumps(body))}}}).then((r) => r.json())"
        )
        assert "error" not in answer, answer
        return answer.get("result")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium while the block does."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = _start(profile)
        try:
            browser = Browser(_address(process, Path(profile)))
            yield browser
            browser.close()
        finally:
            process.terminate()
            process.wait(timeout=SECONDS)


def _start(profile: str) -> subprocess.Popen:
    for name in CHROMIUM:
        with contextlib.suppress(FileNotFoundError):
            return subprocess.Popen(
                [
                    name,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    # windows behind others are drawn as well
                    "--disable-background-timer-throttling",
                    "--disable-backgrounding-occluded-windows",
                    "--disable-renderer-backgrounding",
                    "--remote-debugging-port=0",
                    "--window-size=1366,768",
                    f"--user-data-dir={profile}",
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    raise Fail("Chromium is not installed: make setup does it.")


def _address(process: subprocess.Popen, profile: Path) -> str:
    """Return where Chromium listens, as soon as it has written it down."""
    written, deadline = profile / "DevToolsActivePort", time.monotonic() + SECONDS
    while True:
        assert process.poll() is None, "Chromium has ended"
        assert time.monotonic() < deadline, "Chromium does not listen"
        with contextlib.suppress(FileNotFoundError, ValueError):
            port, path = written.read_text().split()
            return f"ws://127.0.0.1:{port}{path}"
