"""What is kept of the messages that wait for a browser when a run begins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from lib.view.server.messages import keep_messages_of_fragments


@pytest.fixture
def waiting() -> Iterator[ForwardMsgQueue]:
    """Two elements that a fragment drew: one in full, one that the browser has and that is only named."""
    plain = ForwardMsgQueue.clear
    keep_messages_of_fragments()
    queue = ForwardMsgQueue()
    full, named = ForwardMsg(), ForwardMsg()
    full.delta.new_element.text.body = "new"
    full.delta.fragment_id = "market"
    full.metadata.delta_path[:] = [0, 3, 10]
    named.ref_hash = "known"
    named.metadata.delta_path[:] = [0, 3, 11]
    for message in (full, named):
        queue.enqueue(message)
    yield queue
    ForwardMsgQueue.clear = plain  # type: ignore[method-assign]


def test_a_fragment_that_runs_again_drops_nothing(waiting: ForwardMsgQueue) -> None:
    waiting.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["market"])
    assert [list(one.metadata.delta_path) for one in waiting.flush()] == [[0, 3, 10], [0, 3, 11]]


def test_a_whole_run_begins_afresh(waiting: ForwardMsgQueue) -> None:
    waiting.clear(retain_lifecycle_msgs=True)
    assert waiting.flush() == []
