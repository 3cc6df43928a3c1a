"""The council's own files: read as they come, and turned into what they would change in a pack."""
