"""How large a file may be that is read: what a national file of CQC needs, twice over, within 1 GB of memory."""

from __future__ import annotations

from lib.pack.cells import MOST_LINES

MEGABYTE = 1_000_000
LARGEST_UPLOAD = 200 * MEGABYTE
# The formats that are read at once and whole.
LARGEST_BINARY_WORKBOOK = 30 * MEGABYTE
MOST_ROWS = MOST_LINES
MOST_COLUMNS = 16_384  # of a spreadsheet's sheet
MOST_CELLS = 20_000_000
# What a workbook unpacks to: 1,500 MB for an OpenDocument of 400,000 rows and 28 columns, 26 times its size.
LARGEST_INFLATED = 2_000 * MEGABYTE
# Of the XML of the sheets of an Excel workbook: 500,000 rows of 28 columns, which take some 45 seconds.
LARGEST_SHEETS = 450 * MEGABYTE
LARGEST_PART = 150 * MEGABYTE  # of the parts that are held whole, such as the texts that cells share
MOST_ENTRIES = 2_000
MOST_TIMES_LARGER = 200
SMALL_ENOUGH = 20 * MEGABYTE  # whatever the ratio: blank rows pack well

SMALLER = "keep the rows of your own area, or save the sheet as CSV, and try again"
