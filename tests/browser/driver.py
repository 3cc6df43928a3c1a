"""A browser on the app: start the app, open a page with no network, choose, click, and see what went wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, WebSocket, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from relay import CountingRelay
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Names are resolved to nothing, so that not even the browser itself reaches beyond this machine.
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
LOCAL_HOSTS = ("localhost", "127.0.0.1")
PAGES = {
    "/": "Care market",
    "/Domiciliary_care": "Domiciliary care",
    "/Short_breaks": "short breaks",
    "/Providers": "Providers: ",
    "/What_if": "What if?",
    "/Market_engagement": "Market engagement: ",
    "/Data": "The data behind the figures",
}
MENU = {
    "/": "Overview",
    "/Domiciliary_care": "Domiciliary care",
    "/Short_breaks": "Children's short breaks",
    "/Providers": "Providers",
    "/What_if": "What-if",
    "/Market_engagement": "Market engagement",
    "/Data": "Data",
}
MAP_PAGES = tuple(path for path in PAGES if path not in ("/Providers", "/Data"))
DISTRICTS = 12
INDICATOR = "indicator"
# Milliseconds: the first page of a cold server on a busy machine, and a list that stays open.
SLOWEST, OPENING = 30_000, 3_000
# Resolves when nothing has moved for this many frames in a row: charts take their room after the script has ended.
STAND_STILL = """() => new Promise(resolve => {
    let last = "", same = 0;
    const look = () => {
        const all = [...document.querySelectorAll("[data-testid=stMain] *")].slice(-1)[0];
        const main = document.querySelector("[data-testid=stMain]");
        const box = all ? all.getBoundingClientRect() : {};
        const now = [main && main.scrollHeight, main && main.scrollTop, box.top, box.left, box.height].join();
        same = now === last ? same + 1 : 0;
        last = now;
        same >= 12 ? resolve() : requestAnimationFrame(look);
    };
    look();
})"""
# Resolves when what waited for the browser's next frame has been drawn.
NEXT_FRAME = "() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))"
# Opened at a page's own address, Streamlit looks for its server below that address first, before it tries the root,
# and each of the two questions that it asks there is answered with 404. It does so in every app with pages.
PROBES = re.compile(r"/[^/]+/_stcore/(health|host-config)$")


def find_browser() -> str | None:
    """The Chromium of this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


class Bytes(NamedTuple):
    """Bytes of one change: as they were sent, and as the browser unpacks them."""

    sent: int
    payload: int


class App:
    """The app in a process of its own, on a free port, with a counting relay in front of it.

    It saves scenarios in a folder of its own, `scenarios`, and nothing in a home directory. pack: another pack than the
    default one. script: another app, run in its own folder and so with its own settings.
    """

    def __init__(self, pack: Path | None = None, script: Path = ROOT / "app.py") -> None:
        self._script = script
        environment = {name: value for name, value in os.environ.items() if name != "PACK"}
        environment |= {"PACK": str(pack)} if pack else {}
        self._folder = tempfile.TemporaryDirectory()
        self.scenarios = Path(self._folder.name)
        environment["SCENARIOS"] = str(self.scenarios)
        self._environment = environment
        self.log: list[str] = []
        self._start(0)
        self.relay = CountingRelay(self.port)

    def _start(self, port: int) -> None:
        command = [sys.executable, "-m", "streamlit", "run", self._script.name, "--server.port", str(port)]
        command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
        self._process = subprocess.Popen(
            command, cwd=self._script.parent, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        self.port = self._read_port()
        self._drainer = threading.Thread(target=self._drain, daemon=True)
        self._drainer.start()

    @property
    def process_id(self) -> int:
        """The server's process."""
        return self._process.pid

    def stop(self) -> None:
        """End the server, as a crash does."""
        self._process.kill()
        self._process.wait(timeout=20)
        self._drainer.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def start_again(self) -> None:
        """Start the server on the port that it had."""
        self._start(self.port)

    def _read_port(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.log.append(line)
            if found := re.search(r"http://\S+:(\d+)", line):
                return int(found[1])
        raise RuntimeError("the app did not start:\n" + "".join(self.log))

    def _drain(self) -> None:
        assert self._process.stdout is not None
        self.log.extend(self._process.stdout)

    @property
    def address(self) -> str:
        """Where a browser finds the app."""
        return f"http://localhost:{self.relay.port}"

    def close(self) -> None:
        """Stop the app."""
        self.relay.close()
        self._process.terminate()
        self._process.wait(timeout=20)
        self._drainer.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._folder.cleanup()


class Visit:
    """One reader's page, and everything about it that must not happen."""

    def __init__(self, app: App, context: BrowserContext) -> None:
        self.app = app
        self.page: Page = context.new_page()
        self.console_errors: list[str] = []
        self.outside_requests: list[str] = []
        self.dialogs: list[str] = []
        self.payload = 0
        self.sockets: list[WebSocket] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.console_errors.append(f"uncaught: {error}"))
        self.page.on("dialog", self._on_dialog)
        self.page.on("websocket", self._on_socket)
        context.on("request", lambda request: self._on_address(request.url))

    def _on_console(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        address = message.location.get("url", "")  # type: ignore[attr-defined]
        if kind == "error" and not PROBES.search(urlsplit(address).path):
            self.console_errors.append(f"{text} ({address})")

    def _on_dialog(self, dialog: object) -> None:
        self.dialogs.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    def _on_socket(self, socket: WebSocket) -> None:
        self._on_address(socket.url)
        self.sockets.append(socket)
        socket.on("framereceived", self._on_frame)

    def _on_frame(self, data: str | bytes) -> None:
        self.payload += len(data)

    def _on_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in LOCAL_HOSTS:
            self.outside_requests.append(address)

    def open(self, path: str = "/", whole: bool = True) -> Visit:
        """Open a page at its own address and wait until it is drawn; whole: it has what its pages have, no faults."""
        self.page.goto(self.app.address + path)
        self.wait_until_drawn(whole and urlsplit(path).path in MAP_PAGES)
        return self

    def follow(self, path: str, whole: bool = True) -> None:
        """Change the page through the menu."""
        self.page.get_by_role("link", name=MENU[path], exact=True).click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)
        self.wait_until_drawn(whole and path in MAP_PAGES)

    def wait_until_drawn(self, with_map: bool) -> None:
        """Wait until the script has run, and the map, where there is to be one, has its colours."""
        expect(self.page.locator("h1")).to_be_visible()
        self.wait_until_idle()
        if with_map:  # its frame is loaded only when the script has long ended
            expect(self.districts()).to_have_count(DISTRICTS)
            if self.box(INDICATOR).count():  # as is the script that draws its bars
                expect(self.page.locator('figure[data-live="bars"] svg')).to_be_visible()

    def wait_until_idle(self) -> None:
        """Wait until Streamlit's script has ended, and the code that draws each kind of element is there.

        A new reader's browser fetches that code piece by piece, which may last longer than the script.
        """
        self.page.locator("[data-testid=stApp][data-test-script-state='notRunning']").wait_for()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)

    def wait_until_still(self) -> None:
        """Wait until the page has had the same height and scroll for a while, as drawn by the browser."""
        self.page.evaluate(STAND_STILL)

    @property
    def map(self) -> FrameLocator:
        """Inside the map's frame."""
        return self.page.frame_locator('iframe[src*="streamlit_folium"]')

    def districts(self) -> Locator:
        """Every district on the map that has been painted."""
        return self.map.locator("path[data-code][aria-label]")

    def district(self, code: str) -> Locator:
        """One district on the map."""
        return self.map.locator(f'path[data-code="{code}"]')

    def fills(self) -> dict[str, str]:
        """The colour of every district by its code."""
        return self.districts().evaluate_all(
            "all => Object.fromEntries(all.map(e => [e.dataset.code, e.getAttribute('fill')]))"
        )

    def box(self, key: str) -> Locator:
        """The input of a selectbox or a multiselect, by its key; what a market shows has a native select."""
        if key == INDICATOR:
            return self.page.locator('[data-live="choose"] select')
        return self.page.locator(f".st-key-{key} input")

    def choose(self, key: str, option: str) -> None:
        """Choose an option of a selectbox or a multiselect by its words.

        A list closes when the page scrolls under it. A page still moves after its script has ended, while its charts
        take their room, and the browser then scrolls to the box that it is to click: so a closed list is opened again.
        """
        self.wait_until_idle()
        if key == INDICATOR:
            self.box(key).select_option(label=option)
            return
        box, wanted = self.box(key), self.page.get_by_role("option", name=option, exact=True)
        box.evaluate("box => box.scrollIntoView({block: 'center'})")
        last = time.monotonic() + SLOWEST / 1000
        while True:
            if box.get_attribute("aria-expanded") != "true":
                box.click()
            try:
                wanted.click(timeout=OPENING)
                return
            except PlaywrightTimeoutError:
                if time.monotonic() > last:
                    raise

    # A slider that Streamlit draws: the page runs with every step.

    def slider(self, label: str) -> Locator:
        """The thumb of a slider. By its label: the name that Streamlit gives it says the label twice."""
        return self.page.locator(f'input[type=range][aria-label="{label}"]')

    def step(self, label: str, key: str = "ArrowRight") -> Bytes:
        """One step of a slider with the keyboard; returns the bytes that it took."""
        self.slider(label).focus()
        return self.after(lambda: self.page.keyboard.press(key))

    def open_tab(self, name: str) -> None:
        """Open a tab, if it is not open, and wait until it is drawn."""
        tab = self.page.get_by_role("tab", name=name, exact=True)
        if tab.get_attribute("aria-selected") != "true":
            self.after(tab.click)
        self.wait_until_idle()

    # The live screen of the What-if: the page runs when nothing has moved for a while.

    def live(self, part: str) -> Locator:
        """A part of the live screen, by its name: see lib/view/live/assets/live/part.js."""
        return self.page.locator(f'[data-live="{part}"]')

    @property
    def lead(self) -> Locator:
        """The sentence that stays in sight; its badge is in it too."""
        return self.live("say").locator("h2")

    def sentence(self) -> str:
        """The whole answer: the sentence, and what follows it, which may be folded."""
        return " ".join(self.live("say").locator("h2 > span:first-child, .live-more").all_text_contents())

    def tiles(self) -> list[str]:
        """The figures of the tiles."""
        return self.live("tiles").locator(".live-tile-value").all_text_contents()

    def lever(self, lever_id: str, kind: str = "range") -> Locator:
        """A lever's own input: range, number, or checkbox where it is a switch."""
        return self.page.locator(f'[data-lever="{lever_id}"] input[type={kind}]')

    def press_lever(self, lever_id: str, key: str = "ArrowRight", times: int = 1) -> None:
        """Move a lever with the keyboard; do not wait for anything."""
        self.lever(lever_id).focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def move(self, lever_id: str, key: str = "ArrowRight", times: int = 1) -> None:
        """Move a lever with the keyboard, then let it rest."""
        self.press_lever(lever_id, key, times)
        self.rest()

    def show_year(self, key: str, times: int = 1) -> None:
        """Move the year that is shown with the keyboard, then let it rest."""
        self.live("year").locator("input[type=range]").focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        self.rest()

    def rest(self) -> None:
        """Wait until all that moved on the live screen has been committed, and the page and its map are drawn."""
        expect(self.live("levers")).to_have_attribute("data-state", "still")
        self.wait_until_idle()
        expect(self.districts()).to_have_count(DISTRICTS)
        self.page.evaluate(NEXT_FRAME)

    def open_groups(self) -> None:
        """Open every group of levers, and the levers that are lists."""
        self.rest()
        self.open_folded()
        self.after(lambda: self.page.locator(".st-key-more_lists summary").press("Enter"))
        self.wait_until_idle()

    def open_folded(self) -> None:
        """Open every group of levers of the live screen, of which none is open yet; on a telephone, their sheet."""
        handle = self.live("levers").locator(".live-handle")
        if handle.is_visible():
            handle.click()
        for group in self.live("levers").locator("details > summary").all():
            group.press("Enter")

    def after(self, act: Callable[[], None]) -> Bytes:
        """Do something that runs the script, wait until it has ended, and return the bytes that this took.

        Not before the page stands still: where it moves between the press and the release of the mouse, both are
        real and yet nothing was clicked.
        """
        self.wait_until_still()
        sent, payload = self.app.relay.received, self.payload
        with self.sockets[-1].expect_event("framereceived", is_script_end):
            act()
        return Bytes(self.app.relay.received - sent, self.payload - payload)

    def point_inside(self, district: Locator) -> tuple[float, float]:
        """A point of the page that lies on a district: the middle of its box may lie on another."""
        x, y = district.evaluate(
            """path => {
                const box = path.getBBox(), matrix = path.getScreenCTM();
                for (let step = 2; step < 40; step++) for (let i = 1; i < step; i++) for (let j = 1; j < step; j++) {
                    const point = new DOMPoint(box.x + box.width * i / step, box.y + box.height * j / step);
                    const shown = point.matrixTransform(matrix);
                    if (document.elementFromPoint(shown.x, shown.y) === path) return [shown.x, shown.y];
                }
                throw new Error("no point of the district is in sight");
            }"""
        )
        frame = self.page.locator('iframe[src*="streamlit_folium"]')
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def click_district(self, code: str) -> None:
        """Click a district with the mouse."""
        self.page.mouse.click(*self.point_inside(self.district(code)))

    def complaints(self) -> list[str]:
        """Everything that must not happen on any page."""
        log = "".join(self.app.log)
        return [
            *(f"console: {text}" for text in self.console_errors),
            *(f"request: {address}" for address in self.outside_requests),
            *(f"dialog: {text}" for text in self.dialogs),
            *([f"server: {log}"] if "Traceback" in log else []),
        ]


def is_script_end(data: str | bytes) -> bool:
    """Whether a message of Streamlit's says that the script has ended."""
    message = ForwardMsg()
    message.ParseFromString(data if isinstance(data, bytes) else data.encode())
    return message.WhichOneof("type") == "script_finished"


def new_context(browser: Browser, scheme: str = "light", width: int = 1440, height: int = 900) -> BrowserContext:
    """A reader who has never been here."""
    return browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height}, locale="en-GB")
