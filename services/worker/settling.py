"""Brings a tenant up to now: reactions, deadlines that have passed, projections, notices, until nothing is left."""

from uuid import UUID

from services.runtime.runtime import Runtime
from services.worker.closing import close_periods
from services.worker.deadlines import fire
from services.worker.notices import notify
from services.worker.reactions import react
from services.worker.work import KeepGoing, Work, always, work_of


async def follow(work: Work, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """React to what happened, then show it and what it caused; and tell people, whatever became of that.

    Returns how many notices were made.
    """
    try:
        await react(work, tenant, keep_going)
        work.metrics.followed.inc(await work.follower.follow(tenant, keep_going))
    finally:
        made = await notify(work, tenant, keep_going)
    return made


async def settle_with(work: Work, tenant: UUID) -> None:
    """Let everything happen that is to happen by the clock's now."""
    while True:
        while await react(work, tenant) or await fire(work, tenant):
            pass
        await follow(work, tenant)
        # which accounts a closing is to charge, the projections say
        if not await close_periods(work, tenant):
            break


async def settle(runtime: Runtime, tenant: UUID) -> None:
    """Let everything happen that is to happen by the clock's now, and show it.

    Other workers may run meanwhile; what they hold at this moment is theirs to finish.
    """
    await settle_with(work_of(runtime), tenant)
