"""The Providers page: ranked lists, placement, quality, resilience, pockets, one provider, re-ranking."""
