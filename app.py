"""Overview: the county at a glance."""

from lib.view.controls import choose_service
from lib.view.market_view import market_view
from lib.view.shell import pack_state, page_title, shell

pack = shell("Overview")
page_title(f"Care market overview: {pack.manifest.area}")
market_view(pack, pack_state(pack), choose_service(pack))
