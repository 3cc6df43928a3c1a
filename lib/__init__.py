"""The commissioning dashboard's library: data pack, market, charts, view."""

__version__ = "0.1.0"
