"""Debian's Firefox, driven over WebDriver BiDi: Playwright drives a Firefox of its own alone.

BiDi is JSON over a websocket: https://w3c.github.io/webdriver-bidi/. One window; enough to open pages and look at them.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from driver import LOCAL_HOSTS, SLOWEST
from websockets.sync.client import ClientConnection, connect

FIREFOXES = ("firefox-esr", "firefox")
# Nothing of Firefox's own may reach beyond this machine, nor ask questions of somebody who has never been here.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.security.https_first": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://localhost/",
    "toolkit.telemetry.enabled": False,
}
EVENTS = ["log.entryAdded", "network.beforeRequestSent"]
# The app's own policy at work: a part of Streamlit's asks whether it may run WebAssembly, and does without.
REFUSED = "blocked WebAssembly"
# Seconds: a Firefox that has just started fetches and compiles all of Streamlit's code.
PATIENCE = 4 * SLOWEST / 1000


def find_firefox() -> str | None:
    """The Firefox of this machine, or None."""
    return next((path for name in FIREFOXES if (path := shutil.which(name))), None)


class Firefox:
    """One window, and what must not happen in it: errors of scripts, and requests that leave this machine."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        self.send("session.new", capabilities={})
        self.window = self.send("browsingContext.create", type="tab")["context"]
        self.send("session.subscribe", events=EVENTS, contexts=[self.window])
        self.send("browsingContext.setViewport", context=self.window, viewport={"width": 1440, "height": 900})

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and return its result; what happens in the meantime is noted."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=PATIENCE))
            if message.get("id") != number:
                self._note(message)
            elif message["type"] == "error":
                raise RuntimeError(f"{method}: {message['message']}")
            else:
                return dict(message["result"])

    def _note(self, event: dict[str, Any]) -> None:
        found = event.get("params", {})
        if event.get("method") == "log.entryAdded" and found["level"] == "error" and REFUSED not in found["text"]:
            self.complaints.append(f"{found['type']}: {found['text']} {found.get('stackTrace', '')}")
        if event.get("method") == "network.beforeRequestSent":
            address = urlsplit(found["request"]["url"])
            if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL_HOSTS:
                self.complaints.append(f"request: {found['request']['url']}")

    def open(self, address: str) -> None:
        """Go to an address."""
        self.send("browsingContext.navigate", context=self.window, url=address, wait="interactive")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the window, as JSON carries it; RuntimeError where it throws."""
        script = f"(async () => JSON.stringify([await ({expression})]))()"
        answer = self.send("script.evaluate", expression=script, target={"context": self.window}, awaitPromise=True)
        if answer["type"] != "success":
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']['text']}")
        (value,) = json.loads(answer["result"]["value"]) or [None]
        return value

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true. TimeoutError where it never is."""
        last = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            if time.monotonic() > last:
                raise TimeoutError(f"never true in Firefox: {expression}")
            self.evaluate("new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50)))")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, each as WebDriver writes it."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.send("input.performActions", context=self.window, actions=[source])


@contextmanager
def firefox(path: str) -> Iterator[Firefox]:
    """Start Firefox with a new profile, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        with open(f"{profile}/user.js", "w", encoding="utf-8") as file:
            file.writelines(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in PREFERENCES.items())
        command = [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            with connect(f"{_address(process)}/session", max_size=None) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)
            assert process.stderr is not None
            process.stderr.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1]
        said.append(line)
    raise RuntimeError("Firefox did not start:\n" + "".join(said))
