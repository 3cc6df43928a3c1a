"""Market engagement: what waits, in rounds that a carer could serve, and what may be brought together by agreement."""

from lib.view.engagement.page import engagement_page
from lib.view.shell import shell

pack = shell(__file__, "Market engagement")
engagement_page(pack, pack.key)
