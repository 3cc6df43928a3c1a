"""The page of one service: its market, ratings, gaps, growth, mechanism, shared supply, places and intentions."""
