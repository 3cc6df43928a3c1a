"""What moves together without a rerun: one component without a frame, drawn in parts that share one picture.

Its script (assets/live) asks lib.view.live.route while something moves, draws the answer, and tells the page after a
pause. Streamlit's containers do the layout: each part stands where the page puts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from lib.view.live.route import PARTS, script_address
from lib.view.live.words import WORDS

ASSETS = Path(__file__).parent / "assets" / "live"
LEVERS = "levers"

# Streamlit sends this with every change of a part, and so it only fetches the parts' own script, which a browser keeps.
_live = st.components.v2.component(
    "care_market_live",
    js="""
export default function (component) {
  let leave = null, left = false;
  import(new URL(component.data.script, document.baseURI)).then((script) => {
    if (!left) leave = script.default(component);
  }, () => {
    if (!left) component.parentElement.textContent = component.data.words.not_loaded;
  });
  return () => {
    left = true;
    leave?.();
  };
}
""",
    isolate_styles=False,
)


def bring_style() -> None:
    """How the parts look, once a page: each part would bring a copy of its own."""
    st.html(ASSETS / "live.css")


def given(name: str) -> dict[str, Any]:
    """What every part is given: its name, where its script is, and the words that the script shows."""
    return {"part": name, "script": script_address(PARTS), "words": WORDS}


def part(name: str, data: Mapping[str, Any] | None = None) -> None:
    """Draw a part of the live screen that shows what the levers' part was given. name: see assets/live/part.js."""
    _live(key=f"live_{name}", data={**given(name), **(data or {})})


def leading_part(name: str, data: Mapping[str, Any], take: Callable[[dict[str, Any]], None]) -> None:
    """Draw the part that carries the picture of every part of its page. take: called with what was moved, before a run.

    name: as of `part`.
    """
    key = f"live_{name}"

    def committed() -> None:
        moves = st.session_state[key].get("commit")
        if isinstance(moves, Mapping):
            take(dict(moves))

    _live(key=key, data={**given(name), **data}, on_commit_change=committed)


def levers_part(data: Mapping[str, Any], take: Callable[[dict[str, Any]], None]) -> None:
    """Draw the levers of a what-if, which lead its other parts."""
    leading_part(LEVERS, data, take)
