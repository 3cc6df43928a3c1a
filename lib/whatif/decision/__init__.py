"""Decision records: what a scenario came to, who chose it, when and why; and whether it still comes to the same."""
