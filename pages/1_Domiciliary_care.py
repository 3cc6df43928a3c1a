"""Domiciliary care: where demand, supply and quality stand, district by district."""

from lib.view.service.page import service_page
from lib.view.shell import shell

service_page(shell("Domiciliary care"), "domiciliary_care")
