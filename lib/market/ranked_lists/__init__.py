"""The ranked lists of providers at work: placement, exits, re-ranking."""
