"""The server around the pages: what it sends with every answer, what it refuses, and its own error page."""
