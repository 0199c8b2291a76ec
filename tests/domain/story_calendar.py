"""The calendar's part of the story: limits that rest on a year nobody knows yet, and what its publication does."""

from datetime import date
from uuid import UUID

from domain import calendar_watch as w
from domain.complaint import commands as c
from domain.organisation import messages as o
from tests.domain.story_service import SALES, lodged
from tests.domain.world import TENANT

OVER_NEW_YEAR, LATER = UUID(int=0xC51), UUID(int=0xC52)


def over_new_year(world):
    """A complaint of the year's last day, a holiday here, waits for the next year's calendar, and again for another."""
    world.send("organisation", TENANT, o.AdoptStatutoryYear(year=2026))
    world.send("complaint", OVER_NEW_YEAR, lodged(SALES))
    own = {"holidays": (date(2026, 12, 31), date(2027, 1, 1)), "makeup_days": (date(2026, 12, 26),)}
    world.send("organisation", TENANT, o.SetCalendar(**own, complete_years=(2027,)))
    world.send("calendar_watch", w.watch_id(2027), w.TellMore(), "system", None)
    world.send("organisation", TENANT, o.SetCalendar(**own))
    world.send("complaint", LATER, lodged(SALES))
    for stream in (OVER_NEW_YEAR, LATER):
        world.send("complaint", stream, c.WithdrawComplaint(reason="已自行解决"))
