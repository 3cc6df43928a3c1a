"""Running orders on screen: put together, saved, shared, opened."""
