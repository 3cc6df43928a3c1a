"""Providers: ranked lists, placement, quality, resilience and re-ranking."""

from lib.view.providers.page import providers_page
from lib.view.shell import pack_state, shell

pack = shell(__file__, "Providers")
providers_page(pack, pack_state(pack))
