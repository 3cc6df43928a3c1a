"""Demand, supply and quality joined: pure functions from a pack to tidy frames. No screen is known here."""
