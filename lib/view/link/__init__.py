"""The link: what each page's address says, read once on arrival and kept in step with what people choose."""
