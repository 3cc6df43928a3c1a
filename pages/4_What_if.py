"""What-if: demand growth and every other lever, live on the map."""

from lib.view.shell import shell
from lib.view.what_if.page import what_if_page

pack = shell(__file__, "What-if")
what_if_page(pack, pack.key)
