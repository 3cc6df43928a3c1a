"""A page for test_text.py: every text of a file, wherever the app puts text from data, each in a place of its own.

CORPUS in the environment names the file: a JSON list. Links need a folder of pages beside the script.
"""

import json
import os
from pathlib import Path

import streamlit as st

from lib.view.widgets.text import escape_html, escape_markdown

# Where texts meet other text, each text stands; where they stand alone, they take turns.
PLACES = {
    "markdown": lambda text: st.markdown(text),
    "list": lambda text: st.markdown(f"- {text}\n- {text}"),
    "second_line": lambda text: st.markdown(f"Above  \n{text}"),
    "badge": lambda text: st.markdown(f":orange-badge[{text}]"),
    "table": lambda text: st.table([{text: text}]),
}
IN_TURN = {
    "title": lambda text: st.title(text, anchor=False),
    "header": lambda text: st.header(f"{text} :blue-badge[{text}]", anchor=False),
    "small": lambda text: st.markdown(f":small[{text}]"),
    "bold": lambda text: st.markdown(f"**{text}**"),
    "caption": lambda text: st.caption(text),
    "error": lambda text: st.error(text),
    "metric": lambda text: st.metric(text, text),
    "tile": lambda text: st.metric("Tile", f":small[{text}]"),
}
LABELS = {
    "button": lambda text: st.button(text),
    "toggle": lambda text: st.toggle(text),
    "number": lambda text: st.number_input(text, 0, 1),
    "chips": lambda text: st.segmented_control("Chips", [text]),
    "expander": lambda text: st.expander(text),
    "link": lambda text: st.page_link("text_page.py", label=text),
}

for number, raw in enumerate(json.loads(Path(os.environ["CORPUS"]).read_text(encoding="utf-8"))):
    turns = {place: one[place] for one in (IN_TURN, LABELS) for place in [list(one)[number % len(one)]]}
    for place, draw in {**PLACES, **turns}.items():
        with st.container(key=f"case_{place}_{number}"):
            draw(escape_markdown(raw))
    with st.container(key=f"case_html_{number}"):
        st.html(f'<p title="{escape_html(raw)}">{escape_html(raw)}</p>')
    with st.container(key=f"case_unescaped_{number}"):
        st.markdown(raw)
