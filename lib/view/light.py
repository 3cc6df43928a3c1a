"""Tables on their way to the browser, without what it has no use for."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa


def light(frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table without its index and without pandas' own notes, which outweigh a small table."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
