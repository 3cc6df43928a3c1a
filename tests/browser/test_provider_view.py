"""The app that runs for the market, in a browser: what it sends, what it refuses, and that everybody can use it."""

from __future__ import annotations

import http.client
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import published
import pytest
from driver import App, Visit, new_context
from playwright.sync_api import Browser, Response, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from test_offline import AXE
from test_presenting import texts

SECRETS = (*published.RAW, *published.NAMES)
NOTHING_HERE = "There is nothing for you at this address"
COMMISSIONERS = (
    "/Domiciliary_care", "/Short_breaks", "/Providers", "/What_if", "/Market_engagement", "/Data", "/Service",
    "/Data?tab=checks", "/Service?code=home", "/Providers/", "/providers", "/pages/3_Providers.py", "/app.py",
    "/overview.py", "/market/overview.py", "/overview", "/datapackage.json", "/market/demand.csv", "/data/demand.csv",
    "/data/market/providers.csv", "/editions/0001/data/demand.csv", "/index.html/../data/demand.csv",
    "/static/../../../data/market/demand.csv", "/static/%2e%2e/%2e%2e/app.py", "/live/step", "/live/market",
    "/live/placement", "/live/vega.js", "/live/parts.js", "/care/live/parts.js", "/_stcore/metrics",
    "/_stcore/agent/interact", "/_stcore/upload_file/a/b", "/component/care_market_live/live.js",
    "/component/lib.view.live.component.care_market_live/part.js", "/component/lib.view.map.leaflet.outlines/",
    "/component/lib.view.map.leaflet.outlines/../../datapackage.json",
    "/component/lib.view.map.leaflet.map_files/%2e%2e/datapackage.json", "/component/nothing/at/all", "//Data",
    "/media/../app.py", "/app/static/demand.csv", "/app/static/../data/market/demand.csv", "/versions/",
    "/versions/0001/market/providers.csv", "/data/versions/0001/datapackage.json", "/data/", "/data/datapackage.json",
    "/data/illustrative.json", "/data/market/requests.csv", "/data/market/capacity.csv", "/data/market/history.csv",
    "/scenarios/a.json", "/editions/", "/editions/0001/datapackage.json", "/out/datapackage.json", "/lib/__main__.py",
    "/.streamlit/config.toml", "/.streamlit/secrets.toml", "/.git/config", "/requirements.txt", "/pages/",
    "/pages/5_Market_engagement.py", "/Market%5Fengagement", "/Market_engagement/_stcore/stream",
    "/%44ata", "/%2e%2e/data/market/demand.csv", "/..%2fdata%2fmarket%2fdemand.csv", "/..;/data/market/demand.csv",
    "/static/..%2f..%2fdata/market/demand.csv", "/static/%252e%252e/%252e%252e/app.py", "/static/..%5c..%5capp.py",
    "/media/%2e%2e/%2e%2e/data/market/demand.csv", "/media/..%2f..%2fapp.py", "/media/nothing.csv",
    "/component/streamlit_folium.st_folium/../../../data/market/demand.csv",
    "/component/streamlit_folium.st_folium/%2e%2e/%2e%2e/app.py",
    "/component/lib.view.map.leaflet.outlines/..%2f..%2fdatapackage.json",
    "/component/lib.view.map.leaflet.outlines/nothing.geojson", "/component/../data/market/demand.csv",
    "/_stcore/", "/_stcore/upload_file/", "/_stcore/message", "/_stcore/component/x", "/_stcore/media/x",
    "/_stcore/bidi-components/care_market_live/part.js", "/_stcore/bidi-components/care_market_live.live/part.js",
    "/_stcore/bidi-components/care_market_copy_link/copy_link.js", "/_stcore/theme", "/_stcore/oauth2callback",
    "/oauth2callback", "/auth/login", "/vendor/vega.js", "/healthz", "/st-metrics", "/stream", "/debugz",
)  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app for the market on a publication alone; the pack that it was made of is elsewhere, with its secrets."""
    folder = tmp_path_factory.mktemp("publication")
    out = published.write_with_secrets(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIENCE", "market")
        patch.setenv("PUBLICATION", str(out))
        started = App()
    yield started
    started.close()


@pytest.fixture
def reader(browser: Browser, app: App) -> Iterator[Visit]:
    """A provider's browser; nothing on its page may have gone wrong."""
    context = new_context(browser, "light", 1440, 900)
    visit = Visit(app, context)
    yield visit
    complaints = visit.complaints()
    context.close()
    assert complaints == []


def ask(app: App, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost", app.port, timeout=120)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def whole(visit: Visit) -> Visit:
    """The page, drawn with its map."""
    visit.page.goto(visit.app.address)
    expect(visit.page.locator("h1")).to_contain_text("what care is needed, and where")
    visit.wait_until_idle()
    expect(visit.map.locator("path[data-code][aria-label]")).to_have_count(3)
    return visit


def open_tab(visit: Visit, name: str) -> None:
    """The page is not run for it: what every tab has is there."""
    tab = visit.page.get_by_role("tab", name=name, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    visit.wait_until_still()


def violations(visit: Visit) -> list[str]:
    """What axe-core finds of the page as it stands, light and then dark."""
    page = visit.page
    told: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        visit.wait_until_idle()
        visit.wait_until_still()
        for frame in page.frames:
            frame.evaluate(AXE)
        found: dict[str, Any] = page.evaluate("axe.run()")
        told += [
            f"{scheme} {rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert len(found["passes"]) >= 28
    return told


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_axe_finds_nothing(width: int, height: int, browser: Browser, app: App) -> None:
    """Of the page as it is opened, and of every tab; each light and dark, without opening the page again."""
    context = new_context(browser, "light", width, height)
    visit = whole(Visit(app, context))
    page = visit.page
    for place, name in enumerate([None, *page.get_by_role("tab").all_text_contents()]):
        if name is not None and place > 1:
            open_tab(visit, name)
        assert violations(visit) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visit.complaints() == []
    context.close()


def test_a_copied_link_gives_the_same_view(reader: Visit, browser: Browser) -> None:
    whole(reader)
    reader.after(lambda: reader.choose("shared_area_home", "Cedar"))
    reader.after(lambda: reader.choose("shared_cohort_home", "Older"))
    page = reader.page
    expect(page).to_have_url(re.compile(r"\?cohort=older&district=E07000003$"))
    context = new_context(browser, "light", 1440, 900)
    other = Visit(reader.app, context)
    other.page.goto(page.url)
    other.wait_until_idle()
    for key, shown in (("shared_area_home", "Cedar"), ("shared_cohort_home", "Older")):
        expect(other.box(key)).to_have_value(shown)
    assert other.page.locator("h2").first.inner_text() == page.locator("h2").first.inner_text()
    assert other.page.locator("dl.tiles").all_inner_texts() == page.locator("dl.tiles").all_inner_texts()
    context.close()


def test_there_is_no_link_to_another_page(reader: Visit) -> None:
    page = whole(reader).page
    assert page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))") == [
        "#stMain"  # to the content, past the head
    ]
    for name in ("Overview", "Providers", "What-if", "Market engagement", "Data"):
        assert page.get_by_role("link", name=name, exact=True).count() == 0


def test_a_district_is_chosen_on_the_map_and_in_the_box(reader: Visit) -> None:
    whole(reader)
    birch = reader.map.locator('path[data-code="E07000002"]')
    reader.after(lambda: reader.page.mouse.click(*reader.point_inside(birch)))
    expect(reader.page.locator("dl.tiles")).to_contain_text("Birch")
    expect(reader.box("shared_area_home")).to_have_value("Birch")


@pytest.mark.parametrize("path", COMMISSIONERS)
def test_what_is_the_commissioners_is_refused(path: str, app: App) -> None:
    status, said = ask(app, path)
    assert status in (400, 403, 404, 405)
    assert NOTHING_HERE in said or len(said) < 200
    assert not any(secret in said for secret in SECRETS)


@pytest.mark.parametrize("path", ["/live/step", "/live/market", "/_stcore/upload_file/a/b", "/"])
def test_nothing_can_be_sent(path: str, app: App) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(app, path, method)[0] in (404, 405)


def test_no_byte_that_is_sent_holds_a_raw_figure_or_a_name(reader: Visit) -> None:
    """Every frame of every websocket and every answer, with every tab, table and choice opened, and files."""
    sent: list[bytes] = []

    def keep(data: str | bytes) -> None:
        sent.append(data.encode() if isinstance(data, str) else data)

    answers: list[Response] = []
    page = reader.page
    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    page.on("response", lambda response: answers.append(response))
    whole(reader)
    for name in page.get_by_role("tab").all_text_contents():
        open_tab(reader, name)
        for closed in page.locator("main details:not([open]) > summary:visible").all():
            reader.after(closed.click)
        reader.wait_until_idle()
        reader.wait_until_still()
    for name in ("The whole edition (zip)", "demand (CSV)", "requests (JSON)"):  # the open tab is that of the open data
        with page.expect_download() as waited:
            page.get_by_role("button", name=name, exact=True).click()
        sent.append(Path(waited.value.path()).read_bytes())
    with page.expect_download() as waited:
        page.get_by_role("button", name="Every table (Excel)", exact=True).click()
    with zipfile.ZipFile(waited.value.path()) as book:
        sent += [book.read(part) for part in book.namelist()]
    reader.after(lambda: reader.choose("shared_service_type_home", "Day"))
    reader.after(lambda: reader.choose("shared_cohort_home", "Older"))
    reader.after(lambda: reader.choose("shared_area_home", "Cedar"))
    for answer in answers:
        sent.append(f"{answer.url} {answer.headers}".encode())
        # A file that is taken away was read as such; a browser's own blob is of what came over the socket.
        if answer.ok and answer.url.startswith("http") and "/media/" not in answer.url:
            sent.append(answer.body())
    every = b"\n".join(sent)
    assert b"Home care" in every, "the search does look at what is sent"
    assert len(sent) > 20
    told = [secret for secret in SECRETS if secret.encode() in every]
    assert told == []
    # "pages/" alone stands in a sentence of Streamlit's own script.
    for path in ("3_Providers", "6_Data", "Market_engagement", "What_if", "Domiciliary_care", "live/step"):
        found = [every[max(0, one.start() - 80) : one.end() + 40] for one in re.finditer(path.encode(), every)]
        assert found[:3] == [], f"{path} is the commissioners'"


def test_a_browser_that_asks_for_a_page_by_its_file_gets_the_one_page(reader: Visit) -> None:
    """A page is asked for over the websocket, by a hash of its file's path or by its name: there is none to find."""
    page = whole(reader).page
    sent = page.evaluate(
        """asked => new Promise(done => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
            const seen = [];
            socket.binaryType = "arraybuffer";
            socket.onmessage = message => {
                const text = new TextDecoder().decode(message.data);
                seen.push(text);
                if (text.includes("what care is needed")) socket.close();
            };
            socket.onopen = () => socket.send(new Uint8Array(asked));
            socket.onclose = () => done(seen.join("\\n"));
        })""",
        list(asking("Providers")),
    )
    assert "what care is needed, and where" in sent
    assert "pages/" not in sent
    assert "ranked list" not in sent.lower()
    assert not any(secret in sent for secret in SECRETS)


def asking(page: str) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = page
    return bytes(message.SerializeToString())


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The commissioners' app on the pack that has the secrets; nothing is published yet."""
    folder = tmp_path_factory.mktemp("inside")
    pack = published.write_pack_with_secrets(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLICATION", str(folder / "nothing"))
        patch.delenv("AUDIENCE", raising=False)
        started = App(pack)
    yield started
    started.close()
    assert not (folder / "nothing").exists(), "looking publishes nothing"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_preview_marks_what_is_withheld_and_axe_finds_nothing(
    width: int, height: int, browser: Browser, inside: App
) -> None:
    context = new_context(browser, "light", width, height)
    visit = Visit(inside, context)
    page = visit.page
    page.goto(f"{inside.address}/Market_engagement")
    expect(page.locator("h1")).to_contain_text("Market engagement")
    visit.wait_until_idle()
    page.get_by_text("Preview as the market").click()
    title = page.locator(".st-key-preview_of_market h1")
    expect(title).to_contain_text("what care is needed, and where", timeout=240_000)
    visit.wait_until_idle()
    expect(page.locator("mark.withheld").first).to_be_visible()
    assert page.get_by_text("Nothing is published by looking.").count() == 1
    assert page.get_by_role("navigation").get_by_role("link", name="Overview").count() == 1, "the menu stays"
    assert violations(visit) == []
    assert visit.complaints() == []
    context.close()


def test_a_room_of_providers_reads_it(reader: Visit) -> None:
    page = reader.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{reader.app.address}/?present=true")
    expect(page.locator(".st-key-room h2")).to_be_visible()
    reader.map.locator("path[data-code][aria-label]").first.wait_for()
    reader.wait_until_still()
    assert [(size, words) for size, words in texts(reader) if size < 28] == []
    assert violations(reader) == []
    assert page.locator("main :is(input, select, a)").count() == 0
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Present", exact=True)).to_be_visible()
    page.wait_for_url(lambda url: "present" not in url)
