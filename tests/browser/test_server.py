"""What the server does around the pages: its headers, its limits, its own error page, and the charts' way out."""

from __future__ import annotations

import http.client
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driver import MENU, PAGES, ROOT, App, Visit, new_context
from playwright.sync_api import Browser, Page, expect

Open = Callable[..., Visit]

MEGABYTE = 1024 * 1024
MEANT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
}
ENTRIES = [
    "Overview", "Domiciliary care", "Children's short breaks", "Providers", "What-if", "Market engagement", "Data",
]  # fmt: skip


def ask(
    app: App, path: str, method: str = "GET", body: bytes | Iterator[bytes] | None = None
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one answer of the server."""
    connection = http.client.HTTPConnection("localhost", app.port, timeout=60)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": "text/plain"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def test_every_entry_of_the_menu_opens(visit: Open) -> None:
    page = visit("/Data")
    expect(page.page.get_by_test_id("stPageLink-NavLink")).to_have_text(ENTRIES)
    assert list(MENU.values()) == ENTRIES
    for path in PAGES:
        page.follow(path)
        expect(page.page.locator("h1")).to_contain_text(PAGES[path])


# Headers: no console error and no request to another host on any page is what every test with `visit` looks at.


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/Data?x=1", 200),
        ("/_stcore/health", 200),
        ("/component/streamlit_folium.st_folium/index.html", 200),
        ("/component/nothing/at/all", 404),
        (f"/?scenario={'x' * 20_000}", 414),
    ],
)
def test_every_answer_has_the_headers(path: str, status: int, start_app: Callable[..., App]) -> None:
    found, headers, _ = ask(start_app(), path)
    assert found == status
    assert {name: headers.get(name) for name in MEANT} == MEANT
    assert "camera=()" in headers["permissions-policy"]
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert ("unsafe" in rules["script-src"]) == ("streamlit_folium" in path)
    assert not re.search(r"https?:|\*|ws:", headers["content-security-policy"])


def test_nothing_reaches_another_host_and_no_text_becomes_script(visit: Open) -> None:
    """What a fault in the escaping could put on a page stays without effect: in the page, and in the map's frame."""
    page = visit()
    frame = next(one for one in page.page.frames if "streamlit_folium" in one.url)
    for where in (page.page.main_frame, frame):
        blocked = where.evaluate(
            """() => new Promise(done => {
                const found = new Set();
                document.addEventListener("securitypolicyviolation", event => {
                    found.add(event.effectiveDirective);
                    if (found.size === 4) done([...found].sort());
                });
                const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
                add("img", {src: "http://outside.example/x.png"});
                add("script", {src: "http://outside.example/x.js"});
                add("iframe", {src: "http://outside.example/"});
                fetch("http://outside.example/").catch(() => {});
            })"""
        )
        assert blocked == ["connect-src", "frame-src", "img-src", "script-src-elem"]
    ran = page.page.evaluate(
        """() => {
            document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='window.__hit = 1'>");
            document.body.append(Object.assign(document.createElement("script"), {textContent: "window.__hit = 1"}));
            return new Promise(done => setTimeout(() => done(window.__hit ?? null)));
        }"""
    )
    assert ran is None
    assert page.console_errors
    assert all("outside.example" in text or "Content Security Policy" in text for text in page.console_errors)
    page.console_errors.clear()
    page.outside_requests.clear()  # what was asked for, and stopped before it left


# Limits


def in_pieces(size: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    yield from (b"x" * MEGABYTE for _ in range(size))


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/", "/_stcore/agent/interact"])
@pytest.mark.parametrize("body", [b"x" * (3 * MEGABYTE), None], ids=["said", "unsaid"])
def test_a_large_request_is_refused(path: str, body: bytes | None, start_app: Callable[..., App]) -> None:
    """A few megabytes are refused as they come, whether or not the request says so beforehand."""
    try:
        status, _, text = ask(start_app(), path, "PUT", in_pieces(30) if body is None else body)
    except ConnectionError:  # the server hung up while it was still being sent to
        return
    assert status in (400, 403, 404, 405, 413)
    if body is not None:
        assert (status, text) == (413, "The file is too large for this dashboard.\n")


def test_a_long_address_says_what_to_do(start_app: Callable[..., App]) -> None:
    status, _, text = ask(start_app(), f"/What_if?scenario={'x' * 20_000}")
    assert status == 414
    assert text.startswith("The address of this page is too long. Open the dashboard again without")
    assert ask(start_app(), f"/What_if?scenario={'x' * 12_000}")[0] == 200


# The error page


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a first page that fails on request."""
    folder = tmp_path_factory.mktemp("faulty")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    shutil.copy(ROOT / "app.py", folder)
    shutil.copy(Path(__file__).parent / "fault_page.py", folder / "overview.py")
    (folder / "pages").symlink_to(ROOT / "pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        app = App(script=folder / "app.py")
    yield app
    app.close()


def check_error_page(page: Page, app: App, seen: int) -> None:
    """One sentence what happened, what to do, a reference that the log has beside the traceback, and nothing else."""
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("Something in this dashboard failed, so this part of it cannot be shown.")
    expect(alert).to_contain_text("Reload the page. If it fails again, go to another page")
    reference = re.search(r"the reference ([0-9A-F]{6})", alert.inner_text())
    assert reference
    text = page.locator("body").inner_text()
    for word in ("Traceback", "KeyError", "secret_detail", "redacted", "Streamlit", ".py", "Exception"):
        assert word not in text
    assert page.get_by_test_id("stException").count() == 0
    log = "".join(app.log[seen:])
    entry = log[log.index(f"Error {reference[1]}") :]
    assert "Traceback" in entry
    assert "KeyError: 'secret_detail'" in entry
    page.get_by_role("link", name="Data", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("The data behind the figures")
    expect(alert).to_have_count(0)


@pytest.mark.parametrize("where", ["page", "part", "callback"])
def test_a_fault_of_the_dashboard_is_an_error_page(where: str, faulty: App, browser: Browser) -> None:
    context = new_context(browser)
    page, seen = context.new_page(), len(faulty.log)
    page.goto(f"{faulty.address}/?where={where}")
    if where == "page":
        expect(page.get_by_test_id("stPageLink-NavLink").first).to_be_visible()
    else:
        page.get_by_role("button", name=f"Fail in a {where}").click()
        expect(page.get_by_role("alert")).to_be_visible()
        if where == "part":  # the rest of the page stays
            expect(page.locator("h1")).to_have_text("Faults")
    check_error_page(page, faulty, seen)
    context.close()
