"""The link and the session: read where a reader arrives, written with every choice.

A choice is kept as codes in the session, so that it stays from page to page; its widget has the parameter's name as
its key. Streamlit makes an entry of the browser's history of each change of the address, and runs the page with an
entry's own address when the reader goes back to it. Its binding of widgets to the address does neither, and writes
labels.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.market.link import Parameter, plain_pairs, to_query, understood
from lib.pack.load import Pack
from lib.view.link.parameters import (
    ANY_SERVICE,
    CODE,
    MARKET,
    MECHANISM,
    OFF,
    ON,
    SCENARIO,
    SERVICE,
    WHAT_IF,
    carried,
    names_on,
    parameters,
    tab_key,
)
from lib.view.link.showing import has_arrived, is_said, showing, written
from lib.view.what_if.state import forget, read_link, said_by, scenario_text, take

VIEW, PAGE = "link_view", "link_page"

# What is chosen, as far as it is not at its default. See lib.market.link.View.
Chosen = dict[str, tuple[str, ...]]
Query = dict[str, list[str]]


def address() -> list[tuple[str, str]]:
    """The names and values of the address, as they stand in it."""
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]


def service_asked(pack: Pack) -> str:
    """The service that the address of the common page names: its code, else its own words, "" where it names none."""
    found = understood([parameters(pack)[CODE]], address()).view.get(CODE)
    return found[0] if found else "".join(st.query_params.get_all(CODE)[-1:])


def scenario_asked() -> str:
    """The scenario of the address, as it stands in it; "" where there is none."""
    return next((value for name, value in plain_pairs(address()) if name.casefold() == SCENARIO), "")


def chosen_view() -> Chosen:
    """What is chosen in this session. Changing it changes the choice."""
    view: Chosen = st.session_state.setdefault(VIEW, {})
    return view


def chosen_service(pack: Pack) -> str:
    """The service that is chosen where a page lets one choose."""
    return parameters(pack)[SERVICE].chosen(chosen_view())[0]


def on_choices(pack: Pack, own: str) -> bool:
    """Whether the page of a service shows a tab whose choices stand in the link: see `follow_link`."""
    return parameters(pack)[tab_key(own)].chosen(chosen_view())[0] in (MARKET, MECHANISM)


def open_link(pack: Pack, page: str, own: str) -> None:
    """At the start of a page: take what its link says, if the reader just came, and give every widget its choice.

    page: its file. own: the service that the page is of, "" where it is of none.
    """
    before = st.session_state.get(PAGE)
    take_choices(pack, *(before or (page, own)))
    view, run = chosen_view(), get_script_run_ctx()
    # A view of a running order says all of itself, as an entry of the history does.
    back = (run is not None and run.is_history_navigation) or has_arrived()
    arrived = back or before != (page, own)
    if arrived:
        said, until = understood(readable(pack, page, own), address()).view, dict(view)
        view.update(said)
        if back:
            # What an entry of the history does not say stood at its default.
            for name in set(names_on(pack, page, own, view)) - set(said):
                view.pop(name, None)
        carry(pack, page, own, until)
        if page == WHAT_IF:
            open_scenario(pack, back)
    st.session_state[PAGE] = page, own
    give_choices(pack, page, own, anew=arrived)
    # From one service to another on their common page, the browser's own address stays behind unless it is told.
    write_link(pack, page, own, anew=arrived and not back and before is not None and before[0] == page)


def open_scenario(pack: Pack, back: bool) -> None:
    """Take the scenario of the link. back: an entry of the history that says none had the default."""
    text, service = scenario_asked(), chosen_service(pack)
    if not text and back:
        forget(service)
    elif text and text != scenario_text(pack, service):
        opened = read_link(pack, text)
        if opened is not None:
            take(pack, opened)
            chosen_view()[SERVICE] = (opened.service,)


def opened_page() -> tuple[str, str]:
    """The file of the page that is open, and the service that it is of."""
    page, own = st.session_state[PAGE]
    return str(page), str(own)


def follow_link(pack: Pack) -> None:
    """At the start of a fragment that runs by itself: take what was chosen, and write it into the address."""
    page, own = opened_page()
    take_choices(pack, page, own)
    give_choices(pack, page, own)
    write_link(pack, page, own)


def readable(pack: Pack, page: str, own: str) -> list[Parameter]:
    """The parameters that a link to a page may have."""
    return [parameters(pack)[name] for name in names_on(pack, page, own)]


def doubts(pack: Pack, page: str, own: str) -> str:
    """What of the address is not understood, in one line of plain text; "" where all is."""
    return understood(readable(pack, page, own), address()).sentence


def take_choices(pack: Pack, page: str, own: str) -> None:
    """Take what the widgets of a page hold. What stands at its default is no choice: it follows the default."""
    view = chosen_view()
    before = dict(view)
    for name, one in parameters(pack).items():
        if name in st.session_state:
            codes = codes_held(one, st.session_state[name])
            if set(codes) == set(one.start):
                view.pop(name, None)
            else:
                view[name] = codes
    carry(pack, page, own, before)


def carry(pack: Pack, page: str, own: str, before: Chosen) -> None:
    """Let what was chosen on a page hold on the others where it means the same. before: the view until then."""
    for name, codes in carried(pack, page, own, before, chosen_view()).items():
        chosen_view()[name] = codes
        st.session_state.pop(name, None)  # what its key still holds is of before


def codes_held(one: Parameter, value: object) -> tuple[str, ...]:
    """The codes of what a widget holds; the default for what is none."""
    held = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if one.held_as == "label":
        held = [code for code, label in one.labels.items() if label in held]
    elif one.held_as == "switch":
        held = [ON if value else OFF]
    elif one.held_as == "number":
        held = [f"{number:.2f}" if isinstance(number, float) else number for number in held]
    codes = one.known(str(code) for code in held)
    # What is to be one and is none stands at its default: a browser may say none of a widget that comes back.
    return codes if codes or (one.many and not held) else one.start


def give_choices(pack: Pack, page: str, own: str, anew: bool = False) -> None:
    """Let every widget of a page hold what is chosen: one that was not drawn for a while has forgotten it.

    anew: also what its key in the session still holds, which is of the page before, whose widget was another.
    """
    view = chosen_view()
    for name in names_on(pack, page, own, view):
        one = parameters(pack)[name]
        if name not in view and callable(one.default):
            st.session_state.pop(name, None)  # its page works out what it starts with
        else:
            value = to_hold(one, one.chosen(view))
            # Only where it differs: setting a widget that is being moved would push it back.
            if anew or name not in st.session_state or st.session_state[name] != value:
                st.session_state[name] = value


def to_hold(one: Parameter, codes: tuple[str, ...]) -> object:
    """What a widget holds for some codes."""
    if one.many:
        return list(codes)
    if one.held_as == "switch":
        return codes == (ON,)
    code = codes[0] if codes else None
    if one.held_as == "number" and code is not None:
        return float(code) if "." in code else int(code)
    return one.labels[code] if code is not None and one.held_as == "label" else code


def link_to(pack: Pack, page: str, own: str) -> Query:
    """What the address of a page says with all that is chosen."""
    view = chosen_view()
    query = {CODE: [own]} if page == ANY_SERVICE else {}
    query |= to_query((parameters(pack)[name] for name in names_on(pack, page, own, view)), view)
    text = scenario_text(pack, chosen_service(pack)) if page == WHAT_IF else ""
    return query | ({SCENARIO: [text]} if text else {})


def said_now(pack: Pack, page: str, own: str) -> Query:
    """What the address of a page says now, as `link_to` would write it."""
    known = parameters(pack)
    said = understood(readable(pack, page, own), address()).view
    query = {CODE: [service_asked(pack)]} if page == ANY_SERVICE else {}
    text = scenario_asked() if page == WHAT_IF else ""
    if text:
        service = chosen_service(pack)
        if text != scenario_text(pack, service):
            service, text = said_by(pack, text)
        said |= {SERVICE: (service,)} if service else {}
    query |= to_query((known[name] for name in names_on(pack, page, own, said)), said)
    return query | ({SCENARIO: [text]} if text else {})


def write_link(pack: Pack, page: str, own: str, anew: bool = False) -> None:
    """Let the address say what is chosen. One that says so in other words stays as it is: it is the reader's own.

    anew: even where the address that the page was asked for says so already.
    """
    if page == ANY_SERVICE and not own:
        return
    query, now = link_to(pack, page, own), showing()
    if anew or query != said_now(pack, page, own) or not is_said(now):
        whole = query | now.query()
        st.query_params.from_dict({name: codes if len(codes) > 1 else codes[0] for name, codes in whole.items()})
        written(now)
