"""What the council publishes of its market: facts, gaps, intentions, its own ratings."""
