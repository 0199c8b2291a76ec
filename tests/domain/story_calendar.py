"""The calendar's part of the story: limits that rest on a year nobody knows yet, and what its publication does."""

from datetime import date
from uuid import UUID

from domain import calendar_watch as w
from domain.complaint import commands as c
from domain.organisation import messages as o
from tests.domain.story_accountability import reported
from tests.domain.story_service import CLERK, JOINT, SALES, lodged
from tests.domain.world import TENANT

OVER_NEW_YEAR, LATER, CASE = (UUID(int=number) for number in (0xC51, 0xC52, 0xAF))
OWN = {"holidays": (date(2026, 12, 31), date(2027, 1, 1)), "makeup_days": (date(2026, 12, 26),)}


def over_new_year(world):
    """A complaint of the year's last day, a holiday here, waits for the next year's calendar, and again for another."""
    world.send("organisation", TENANT, o.AdoptStatutoryYear(year=2026))
    world.send("complaint", OVER_NEW_YEAR, lodged(SALES))
    world.send("complaint", OVER_NEW_YEAR, c.AssignComplaint(responsible=CLERK, joint=JOINT))
    world.send("organisation", TENANT, o.SetCalendar(**OWN, complete_years=(2027,)))
    world.send("calendar_watch", w.watch_id(2027), w.TellMore(), "system", None)
    world.send("organisation", TENANT, o.SetCalendar(**OWN))
    world.send("complaint", LATER, lodged(SALES))
    for stream in (OVER_NEW_YEAR, LATER):
        world.send("complaint", stream, c.WithdrawComplaint(reason="已自行解决"))


def known_at_last(world):
    """A case is reported in a year without a calendar, which is declared complete then."""
    reported(world, CASE)
    world.send("organisation", TENANT, o.SetCalendar(**OWN, complete_years=(2027, 2028)))
