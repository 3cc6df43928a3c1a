"""Publishing from the page: which scenarios, one button, and what the edition that is shown holds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lib.market.sharing import safe_name
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.pack.numbered import folder_of
from lib.publish.content import safe_name_of
from lib.publish.editions import Edition, publish, zipped
from lib.publish.publication import Publication
from lib.publish.read import EDITIONS, shown_edition
from lib.publish.report_words import in_sentences, public_sentences
from lib.publish.write import SUMMARY
from lib.view.live.access import may_change
from lib.view.market_audience.folder import FOLDER, newest_edition
from lib.view.market_audience.folder import kept_edition as kept_edition
from lib.view.what_if.saved import reached
from lib.view.what_if.store import own_folder
from lib.view.widgets.text import escape_markdown
from lib.whatif.decision.record import in_words
from lib.whatif.scenarios.documents import ScenarioError, read_scenario, shortened
from lib.whatif.scenarios.presets import preset_scenario, presets
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.scenarios.store_faults import StoreError

CHOSEN, NOTICE, PROBLEM = "publish_scenarios", "publish_notice", "publish_problem"
NOT_TO_PUBLISH = "Nothing can be published from here: ask whoever looks after the dashboard."


def publication_panel(pack: Pack) -> None:
    """The whole panel: where the publication is, what it would tell of the years ahead, the button, the files."""
    st.subheader("Publish for providers", anchor=False)
    st.markdown(
        "Open data and a summary as one page, after disclosure control: nothing in them tells of few people or of one "
        "provider, also not together with what was published before. Every edition is kept."
    )
    draw_standing()
    try:
        folder = publication_folder(pack)
        shown = shown_publication(folder)
    except (PackError, StoreError) as error:
        st.error(escape_markdown(str(error)))
        return
    st.caption(f"{escape_markdown(standing_words(shown))} The folder that holds every edition:")
    st.code(str(folder), language=None, wrap_lines=True)
    choices = hold_choice(pack)
    st.multiselect(
        "Scenarios whose forecast is published", list(choices), key=CHOSEN, persist_state="session",
        format_func=lambda code: f"{pack.service(choices[code].service).label}: {choices[code].name}",
        help="Their names, years and levers of demand are told too; what they assume of supply and prices is not.",
    )  # fmt: skip
    if may_change(st.context):
        chosen = [choices[code] for code in st.session_state[CHOSEN]]
        if st.button("Publish", type="primary", key="publish_now"):
            make_edition(pack, folder, chosen)
            st.rerun()
    else:
        st.info(NOT_TO_PUBLISH)
    if shown is not None:
        offer_files(folder, shown)


def hold_choice(pack: Pack) -> dict[str, Scenario]:
    """The scenarios to choose from; the session holds those chosen, at first the first one of each service."""
    choices = scenarios_to_choose(pack)
    first = {one.service: code for code, one in reversed(choices.items())}
    st.session_state.setdefault(CHOSEN, [code for code in choices if code in first.values()])
    st.session_state[CHOSEN] = [code for code in st.session_state[CHOSEN] if code in choices]
    return choices


def chosen_scenarios(pack: Pack) -> list[Scenario]:
    """The scenarios whose forecast would be published now."""
    choices = hold_choice(pack)
    return [choices[code] for code in st.session_state[CHOSEN]]


def publication_folder(pack: Pack) -> Path:
    """The folder of the publication: PUBLICATION, or one for the pack beside the saved scenarios."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else own_folder() / safe_name_of(pack.manifest.name)


def shown_publication(folder: Path) -> Publication | None:
    """The newest edition of a folder; None where there is none yet. PackError where it cannot be read."""
    return newest_edition(folder)[0] if shown_edition(folder) else None


def standing_words(shown: Publication | None) -> str:
    """What is published now, in a sentence."""
    if shown is None:
        return "Nothing is published yet."
    about = shown.about
    return f"Edition {about.edition} is shown, with data to {in_words(about.as_of.isoformat())}."


def scenarios_to_choose(pack: Pack) -> dict[str, Scenario]:
    """The ready-made scenarios of every service, then the saved ones that can be read here, by a code of their own."""
    found: dict[str, Scenario] = {}
    names: set[tuple[str, str]] = set()
    for service in pack.manifest.services:
        for preset in presets(pack, service):
            one = preset_scenario(pack, service, preset.name)
            found[f"preset {service} {preset.name}"] = one
            names.add((service, one.name))
    for saved in reached().saved:
        try:
            one = shortened(pack, read_scenario(saved.document, pack, name=saved.name, any_years=True))
        except ScenarioError:
            continue
        if (one.service, one.name) not in names:
            found[f"saved {saved.id}"] = one
    return found


def make_edition(pack: Pack, folder: Path, scenarios: Sequence[Scenario]) -> None:
    """Publish, and keep what is to be said of it for the next run of the page."""
    try:
        with st.spinner("Working out what can be shown safely. This may take a minute."):
            st.session_state[NOTICE] = told(publish(pack, folder, scenarios))
    except (PackError, ScenarioError) as error:
        st.session_state[PROBLEM] = str(error)


def told(edition: Edition) -> str:
    """What publishing came to, in sentences."""
    about = edition.publication.about
    if not edition.new:
        return f"Nothing has changed since edition {about.edition}, and no new one was made."
    return " ".join([f"Edition {about.edition} is published.", *in_sentences(edition.report)])


def draw_standing() -> None:
    """What was just published, or why it was not."""
    notice, problem = st.session_state.pop(NOTICE, ""), st.session_state.pop(PROBLEM, "")
    if notice:
        st.success(escape_markdown(notice))
    if problem:
        st.error(escape_markdown(problem))


def offer_files(folder: Path, shown: Publication) -> None:
    """The summary and the whole edition, to take away: they are what may be shared."""
    number = shown.about.edition
    summary = folder_of(folder, number, EDITIONS) / SUMMARY
    name = safe_name(f"{shown.about.name}_edition_{number}.zip")
    with st.container(horizontal=True):
        st.download_button(
            "Summary (HTML)", summary.read_bytes, file_name=name.replace(".zip", ".html"), mime="text/html",
            on_click="ignore", key="publish_summary",
        )  # fmt: skip
        st.download_button(
            "The whole edition (zip)", lambda: zipped(folder, number), file_name=name, mime="application/zip",
            on_click="ignore", key="publish_zip",
        )  # fmt: skip
    titles = {name: table.title for name, table in shown.tables.items()}
    st.caption(escape_markdown(" ".join(public_sentences(shown.about.report, titles))))
