"""Asynchronous code to its end, from any test: in a process where a browser's driver already has its event loop too."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_to_end(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns or raises, run on a loop in a thread of its own: asyncio allows one a thread."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()
