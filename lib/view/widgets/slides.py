"""The button that makes slides, and the council's own template for it. Nothing is made before somebody asks."""

from __future__ import annotations

import hashlib

import streamlit as st

from lib.export.slides.records import has_figures, slides_of_service
from lib.market.sharing import internal_name, safe_name
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.view.widgets.chart_downloads import NOT_TO_SHARE
from lib.view.widgets.text import escape_markdown
from lib.whatif.scenarios.scenario import Scenario

LABEL = "Slides (PowerPoint)"
MIME = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
LARGEST_MEGABYTES = 50
KINDS = ["pptx", "potx"]


def offer_slides(
    pack: Pack, service: str, scenario: Scenario | None = None, *, key: str, template: bool = False
) -> None:
    """A download of a service's slides, made on a click; with the scenario's years ahead, or those of its own start.

    Nothing where the service has no figures. key: of the button. template: whether the council's own may be given
    beside it.
    """
    if not has_figures(pack, service):
        return
    given = chosen_template(key) if template else None
    if isinstance(given, PackError):
        st.error(escape_markdown(str(given)))
        return

    def content() -> bytes:
        from lib.export.slides.deck import deck  # python-pptx, which no page should wait for

        return deck(pack, slides_of_service(pack, service, scenario), given)

    st.download_button(
        LABEL,
        content,
        file_name=internal_name(safe_name(f"{service}{'_scenario' if scenario else ''}_slides.pptx")),
        mime=MIME,
        on_click="ignore",
        help=NOT_TO_SHARE,
        key=key,
    )


def chosen_template(key: str) -> bytes | PackError | None:
    """The template that somebody gave; why it cannot be used; None for none."""
    file = st.file_uploader(
        "Your own template (optional)",
        type=KINDS,
        key=f"{key}_template",
        max_upload_size=LARGEST_MEGABYTES,
        help="A .pptx or .potx: its layouts, fonts, colours and size are used, and its slides are left out",
    )
    if file is None:
        return None
    content = file.getvalue()
    return fault_of(hashlib.sha256(content).hexdigest(), file.name, content) or content


@st.cache_resource(max_entries=8, show_spinner=False)
def fault_of(digest: str, name: str, _content: bytes) -> PackError | None:
    """Why a template cannot be used; None where it can."""
    del digest
    from lib.export.slides.template import template_of

    try:
        template_of(_content, name)
    except PackError as error:
        return error
    return None
