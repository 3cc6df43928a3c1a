"""The what-if: levers, projection, uncertainty. Pure functions from a pack and a scenario; no screen is known here."""
