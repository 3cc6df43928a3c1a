"""The commissioning dashboard's library: data pack, market, charts, view."""
