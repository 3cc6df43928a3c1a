"""Parts that several pages draw: chart, table, slider, switch, text, downloads of a chart."""
