"""The fee period's part of the story: opened, a price decided within it, closed, its notices numbered."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from domain.fee_period import messages as m
from domain.fee_period import period_id
from domain.periods import last_day
from domain.rule_book import messages as r
from domain.rules.r13 import default_values
from tests.domain.story_repair_fund import ACCOUNTANT
from tests.domain.world import BOOKS, PEOPLE

PROJECT = UUID(int=0x92)


def dearer(price_fen, item="property_fee"):
    """The shipped list with one price changed, as a draft takes it."""
    return [
        msgspec.to_builtins(msgspec.structs.replace(one, price_fen=price_fen) if one.code == item else one)
        for one in default_values().prices
    ]


def publish(world, version, effective_from, **changes):
    """Put another version of the rules in force; one person drafts it, another publishes it."""
    drafter, publisher, _ = PEOPLE
    world.send("rule_book", BOOKS["R13"], r.DraftVersion(changes=changes, note="调价"), person=drafter)
    command = r.PublishVersion(version=version, effective_from=effective_from)
    world.send("rule_book", BOOKS["R13"], command, person=publisher)


def decided(listed_on, from_month, item="property_fee"):
    """A decision that the price of a later list applies."""
    return m.DecidePrice(
        item=item, listed_on=listed_on, from_month=from_month, decision="调价决定〔1〕号", reason="业主大会表决通过"
    )


def periods(world):
    """Everything that a period knows of happens to one; the rules have been adopted for the repair fund."""
    today = world.context(None).today
    month, name = f"{today.year}-{today.month:02}", "东校区"
    stream = period_id(PROJECT, month)
    world.send("fee_period", stream, m.OpenFeePeriod(project_id=PROJECT, name=name, first_month=month))
    changed_on = date(today.year, today.month, 12)
    publish(world, 2, changed_on, prices=dearer(260))
    world.advance(datetime(today.year, today.month, 13, 1, tzinfo=UTC))
    world.send("fee_period", stream, decided(changed_on, month), person=ACCOUNTANT)
    end = last_day(month)
    world.advance(datetime(end.year, end.month, end.day, 1, tzinfo=UTC))
    world.send("fee_period", stream, m.CloseFeePeriod(), person=ACCOUNTANT)
    complete = m.CompleteClosing(accounts=3, notices=2, refused=0, amount_fen=44_250)
    world.send("fee_period", stream, complete, "system")
