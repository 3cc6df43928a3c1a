"""CQC files: whichever of its files it is, read as one register of offices and their ratings."""
