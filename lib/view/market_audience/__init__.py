"""The provider's view: what the market sees of a publication, and nothing else."""
