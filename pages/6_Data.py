"""Data: bring figures in, versions, sources and statuses, reconciliation, gaps and the data dictionary."""

import datetime as dt

from lib.view.data.page import data_page
from lib.view.shell import page_title, shell

pack = shell(__file__, "Data")
page_title("The data behind the figures")
data_page(pack, pack.key, dt.date.today())
