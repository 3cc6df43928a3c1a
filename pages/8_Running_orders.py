"""Running orders: views put together beforehand, to be presented one after another."""

from lib.view.running_orders.page import orders_page
from lib.view.shell import page_title, shell

pack = shell(__file__, "Running orders")
page_title("Running orders")
orders_page(pack)
