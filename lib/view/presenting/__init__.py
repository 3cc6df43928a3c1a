"""Presenting: a page as a calm full screen, moved by a clicker, and the views of a running order one after another."""
