"""The property company's part of the story: duties, tiered inspections, fees and the repair fund."""

from tests.domain import (
    story_duties,
    story_fee_book,
    story_fee_periods,
    story_fees,
    story_inspections,
    story_repair_fund,
)
from tests.domain.world import World

APART = 1_000_000
"""Commands are counted from here, so that nothing drawn is drawn twice."""


def property_company(world):
    """Lived in a world of its own, so that no time passes for the others meanwhile, and then told with theirs."""
    own = World(world.now, world.tenant)
    own.commands = APART
    story_duties.duties(own)
    story_inspections.inspections(own)
    story_repair_fund.repair_fund(own)
    story_fees.fees(own)
    story_fee_book.fee_book(own)
    story_fee_periods.periods(own)
    join(world, own)


def join(world, own):
    """Tell what was lived apart after what the world had lived so far."""
    world.log += own.log
    world.stations += own.stations
    world.reacted = len(world.log)
    world.accepted += own.accepted
    for mine, theirs in ((world.states, own.states), (world.versions, own.versions), (world.owed, own.owed)):
        mine.update(theirs)
