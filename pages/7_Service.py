"""Any other service of the pack, named by the address: where demand, supply and quality stand."""

from lib.view.link.session import service_asked
from lib.view.service.page import service_page
from lib.view.shell import shell

pack = shell(__file__)
service_page(pack, service_asked(pack))
