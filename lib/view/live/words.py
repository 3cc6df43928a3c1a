"""Every text of its own that the script of the live screen shows. What comes from data is in the picture."""

from __future__ import annotations

from typing import Any

from lib.charts.year_map import MEASURES
from lib.view.widgets.text import BADGES

# {..} is filled in by the script, with text.
WORDS: dict[str, Any] = {
    "not_loaded": "This part of the page could not be loaded. Reload the page; if it stays away, tell whoever looks "
    "after the dashboard.",
    "badges": dict(BADGES),  # the colour of a status, by its word
    "levers": "Levers",
    "as_number": "{label}, as a number",
    "about": "About {label}",
    "more_levers": "More levers",
    "fewer_levers": "Fewer levers",
    "not_a_number": "That is not a number: the lever stands where it stood.",
    "unreachable": "The dashboard did not answer: the lever is back where the figures are.",
    "undo": "Undo",
    "redo": "Redo",
    "reset": "Reset",
    "undo_keys": "Ctrl+Z",
    "redo_keys": "Ctrl+Shift+Z",
    "scenario": "Scenario: {name}",
    "started_from": "started from {name}",
    "follows": "What follows from it",
    "year": "Year shown",
    "year_box": "Year shown, as a box",
    "play": "Play",
    "stop": "Stop",
    "measure": "On the map",
    "measures": {code: label for code, (label, _) in MEASURES.items()},
    "when": "Today or then",
    "today": "Today, {year}",
    "then": "Then, {year}",
    "beside": "Side by side",
    "map_title": "Map: {title}. The same figures are in the table of districts below.",
    "changed": "another class than in {year}",
    "unknown": "not known or not applicable",
    "nobody": "No district",
    "said_newly_short": "{head}: {names}.",
    "nobody_has_room": "Nobody has room",
}

# The same of a market page.
MARKET_WORDS: dict[str, Any] = {
    "not_loaded": WORDS["not_loaded"],
    "show": "Show",
    "badges": WORDS["badges"],
    "unknown": WORDS["unknown"],
    "unreachable": "The dashboard did not answer: the choice is back where the figures are.",
    "bar": "{area}: choose it",
}
