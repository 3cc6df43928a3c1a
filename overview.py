"""Overview: the county at a glance; where the app runs for the market, the provider's view."""

from lib.view.audience import for_market

if for_market():
    from lib.view.market_audience.page import market_page

    market_page()
else:
    from lib.view.market.filters import choose_service
    from lib.view.market.overview import both_services
    from lib.view.market.page import market_view
    from lib.view.shell import page_title_beside, shell

    pack = shell(__file__, "Overview")
    with page_title_beside(f"Care market: {pack.manifest.area} at a glance"):
        service = choose_service(pack)
    market_view(pack, pack.key, service)
    both_services(pack, pack.key)
