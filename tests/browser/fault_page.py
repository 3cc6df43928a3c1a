"""A first page for test_server.py that fails where its address asks for it."""

import streamlit as st

from lib.view.shell import page_title, shell

where = st.query_params.get("where", "")
shell("Faults")


def fail() -> None:
    raise KeyError("secret_detail")


@st.fragment
def part() -> None:
    if st.button("Fail in a part"):
        fail()
    st.caption("The part stands.")


if where == "page":
    fail()
page_title("Faults")
part()
st.button("Fail in a callback", on_click=fail)
