"""The data pack: read it, check it, reconcile it."""
