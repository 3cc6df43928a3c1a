"""Words of the language that the app is written in, which nobody who keeps a data pack should read."""

from __future__ import annotations

import re

PYTHON = re.compile(
    r"Traceback|\w+Error\b|\bException\b|\bnan\b|\bNaN\b|\bNone(Type)?\b|\bdtype\b|\b(int|float)64\b|\bpandas\b|\bpydantic\b"
    r"|\[Errno|object at 0x|<class|\bdict\b|\bstr\b|\bbool\b|\btuple\b|\bcodec\b|\bTrue\b|\bFalse\b|redacted"
)
QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
