"""Slide decks: a pack or a publication in, an editable .pptx out. Load it where a deck is made, and nowhere else."""
