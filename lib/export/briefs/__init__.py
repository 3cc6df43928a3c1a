"""Briefs: two pages on a district or on a scenario, and the decision record, as PDF and as HTML from one tree."""
