"""The What-if page: levers, figures, tabs, saved scenarios."""
