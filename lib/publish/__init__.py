"""What the market may see: disclosure control of a whole publication."""
