"""Providers: ranked lists, placement, quality, resilience and re-ranking."""

from lib.view.providers.page import providers_page
from lib.view.shell import shell

pack = shell(__file__, "Providers")
providers_page(pack, pack.key)
