"""Figures brought in through a browser: applied and seen at once, taken back, the second told, bad files refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pack_copies
import pytest
from driver import SLOWEST, App, Visit, new_context
from playwright.sync_api import Browser, Page, expect
from test_everyone import violations

APPLY = "Make this the pack that everybody sees"
Open = Callable[..., Visit]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The app on a pack of its own."""
    running = App(pack_copies.copy_pack(tmp_path / "pack"))
    yield running
    running.close()


@pytest.fixture
def reader(app: App, browser: Browser) -> Iterator[Open]:
    """A reader with a browser of their own; after the test, nothing may have gone wrong on any page."""
    opened: list[Visit] = []

    def come(path: str, width: int = 1440, scheme: str = "light") -> Visit:
        context = new_context(browser, scheme, width)
        context.set_default_timeout(SLOWEST)
        one = Visit(app, context)
        opened.append(one)
        return one.open(path, False)

    yield come
    complaints = [text for one in opened for text in one.complaints()]
    for one in opened:
        one.page.context.close()
    assert complaints == []


def demand(more: str = "7946") -> bytes:
    """The table of demand, with other hours in its first lot."""
    with (pack_copies.DATA / "market/demand.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["hours_per_week"] == "7846"
    rows[0]["hours_per_week"] = more
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bring(page: Page, content: bytes, name: str = "hours.csv") -> None:
    """Choose a file."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def say_who(visit: Visit, who: str) -> None:
    """Type a name, and leave the box."""
    box = visit.page.get_by_label("Who", exact=True)
    box.fill(who)
    visit.after(lambda: box.press("Tab"))


def test_what_is_applied_is_seen_without_a_restart_and_taken_back(reader: Open) -> None:
    ann, other = reader("/Data?kind=demand"), reader("/")
    expect(other.page.get_by_text("128,000").first).to_be_visible()
    bring(ann.page, demand())
    expect(ann.page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(ann.page.get_by_role("table").filter(has_text="128,100 (supplied)")).to_be_visible()
    say_who(ann, "Ann")
    ann.page.get_by_role("button", name=APPLY).click()
    expect(ann.page.get_by_role("status").filter(has_text="Done: everybody sees version 1 now")).to_contain_text("Ann")
    other.follow("/Providers", whole=False)
    other.follow("/", whole=False)
    expect(other.page.get_by_text("128,100").first).to_be_visible()
    ann.open_tab("Versions")
    expect(ann.page.get_by_role("table")).to_contain_text("1, which is shown")
    ann.page.get_by_role("button", name="Go back to it").click()
    expect(ann.page.get_by_text("in place of version 1.")).to_be_visible()
    ann.page.get_by_role("button", name="Show version 0 to everybody").click()
    expect(ann.page.get_by_role("status").filter(has_text="Done: everybody sees version 2 now")).to_be_visible()
    other.follow("/Providers", whole=False)
    other.follow("/", whole=False)
    expect(other.page.get_by_text("128,000").first).to_be_visible()
    expect(other.page.get_by_text("128,100")).to_have_count(0)


def test_the_second_of_two_browsers_is_told(app: App, reader: Open, tmp_path: Path) -> None:
    ann, bob = reader("/Data?kind=demand"), reader("/Data?kind=demand")
    for one, who, hours in ((ann, "Ann", "7946"), (bob, "Bob", "7900")):
        bring(one.page, demand(hours))
        expect(one.page.get_by_role("heading", name="What would change")).to_be_visible()
        say_who(one, who)
    ann.page.get_by_role("button", name=APPLY).click()
    expect(ann.page.get_by_role("status").filter(has_text="Done: everybody sees version 1 now")).to_be_visible()
    bob.page.get_by_role("button", name=APPLY).click()
    told = bob.page.get_by_role("alert").filter(has_text="Nothing of yours was written")
    expect(told.first).to_contain_text("version 1")
    expect(told.first).to_contain_text("by Ann")
    assert sorted(path.name for path in (tmp_path / "pack/versions").iterdir()) == ["0001"]
    # What he brought is still there, worked out on Ann's figures, and is applied when he means it.
    expect(bob.page.get_by_role("table").filter(has_text="128,100 (supplied)")).to_be_visible()
    bob.page.get_by_role("button", name=APPLY).click()
    expect(bob.page.get_by_role("status").filter(has_text="Done: everybody sees version 2 now")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_bad_file_is_one_sentence_and_changes_nothing(reader: Open, tmp_path: Path, width: int) -> None:
    visit = reader("/Data?kind=demand", width)
    name = "<img src=x onerror=alert(1)>.csv"
    bring(visit.page, demand("seven"), name)
    alert = visit.page.get_by_role("alert").filter(has_text="1 fault found. Nothing was changed.")
    expect(alert).to_contain_text(f'{name}, row 2, column hours_per_week (F): found "seven", expected a number')
    expect(visit.page.get_by_role("button", name=APPLY)).to_have_count(0)
    visit.page.get_by_role("button", name="Discard").click()
    expect(alert).to_have_count(0)
    assert not (tmp_path / "pack/versions").exists()


def test_the_page_is_worked_with_the_keyboard_alone(reader: Open) -> None:
    """From the box of files on: who, why and the button follow each other."""
    visit = reader("/Data?kind=demand")
    bring(visit.page, demand())
    expect(visit.page.get_by_role("heading", name="What would change")).to_be_visible()
    box = visit.page.get_by_label("Who", exact=True)
    box.focus()
    visit.page.keyboard.type("Ann")
    visit.after(lambda: visit.page.keyboard.press("Enter"))
    visit.wait_until_idle()
    button = visit.page.get_by_role("button", name=APPLY)
    for _ in range(6):
        visit.page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("status").filter(has_text="Done: everybody sees version 1 now")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_the_preview_and_every_tab_are_accessible(reader: Open, width: int, scheme: str) -> None:
    visit = reader("/Data?kind=demand", width, scheme)
    bring(visit.page, demand())
    expect(visit.page.get_by_role("heading", name="What would change")).to_be_visible()
    visit.wait_until_still()
    assert violations(visit) == []
    for tab in ("Versions", "Sources", "Checks", "Published and not", "Edit small tables", "Dictionary"):
        visit.open_tab(tab)
        visit.wait_until_still()
        assert violations(visit) == [], tab
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
