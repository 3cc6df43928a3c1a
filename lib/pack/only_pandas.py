"""Keep pandera to pandas: where geopandas is installed, it would import it to build a schema of plain columns.

Imported before any schema is built. Loading a pack would otherwise take half a second longer, for pages without a map.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pandera.engines.pandas_engine


def keep_to_pandas() -> None:
    """Let pandera believe that there is no geopandas. Whoever imports geopandas afterwards gets it."""
    modules: dict[str, Any] = sys.modules
    if "geopandas" not in modules:
        modules["geopandas"] = None
        try:
            importlib.import_module("pandera.typing.geopandas")
        finally:
            del modules["geopandas"]
    engine: Any = pandera.engines.pandas_engine
    engine.is_geopandas_dtype = lambda dtype: False


keep_to_pandas()
