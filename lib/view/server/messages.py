"""What waits to be sent to a browser is sent whole, also where a fragment runs again at once."""

from __future__ import annotations

from functools import wraps

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


@wraps(_clear)
def clear_but_for_fragments(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Clear the queue as Streamlit does, but not where a fragment begins.

    Streamlit then drops what the fragment's run before has not sent yet, and keeps of it the messages that only name an
    element which the browser has. The browser gets the second of two elements without the first, and ends in a white
    page: "Bad delta path index". Sent in full and in order, the run before is only drawn over.
    """
    if not (retain_lifecycle_msgs and fragment_ids_this_run):
        _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)


def keep_messages_of_fragments() -> None:
    """Let every session of this process send what its fragments drew. Once, before the app is served."""
    ForwardMsgQueue.clear = clear_but_for_fragments  # type: ignore[method-assign]
