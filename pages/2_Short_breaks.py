"""Children's short breaks: where demand, supply and quality stand, by quadrant or district."""

from lib.view.service.page import service_page
from lib.view.shell import shell

service_page(shell("Short breaks"), "short_breaks")
