"""Domiciliary care: where demand, supply and quality stand, district by district."""

from lib.view.service.page import service_page
from lib.view.shell import code_of, shell

service_page(shell(__file__), code_of(__file__))
