"""Any other service of the pack, named by the address: where demand, supply and quality stand."""

from lib.view.service.page import service_page
from lib.view.shell import asked_service, keep_asked, shell

service = asked_service()
service_page(shell(), service)
keep_asked(service)
