"""The provider's view: the one page that there is where the app runs for the market. No other stands beside it."""

from lib.view.market_audience.page import market_page

market_page()
