"""Overview and the market of a service: filters, figures, map, table, an area's story."""
