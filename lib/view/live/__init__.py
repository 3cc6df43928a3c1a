"""What answers while a lever moves: a route of the same server, and the component of the page that asks it."""
