"""Providers: ranked lists, placement, quality, resilience and re-ranking."""

from lib.view.providers.page import providers_page
from lib.view.shell import shell

pack = shell("Providers")
providers_page(pack, pack.key)
