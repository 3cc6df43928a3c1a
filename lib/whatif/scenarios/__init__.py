"""Scenarios as documents: the model, its levers, presets, link and store."""
