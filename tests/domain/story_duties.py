"""The part of the story that is owed again and again: duties met, missed, changed, handed on, ended."""

from datetime import timedelta
from uuid import UUID

from domain.cadence import Cadence
from domain.duty import commands as d
from domain.duty_terms import Holder, LapseLevel, Scope, Terms
from domain.kernel import Text

OWN, CREDITED = (UUID(int=number) for number in (0x5D01, 0x5D02))
CLEANER, CHIEF, SCHEME = (UUID(int=number) for number in (0xB1, 0xB2, 0xB3))
DAILY = Cadence(kind="daily")
LADDER = (
    LapseLevel(missed_in_a_row=1, role="project_head"),
    LapseLevel(missed_in_a_row=3, role="company_manager", channel="email"),
)
SCOPE = Scope(kind="project", id=UUID(int=0xBB), name="东校区")


def opened(world, **changes):
    """A daily round that somebody owes twice a day, from the next day on."""
    told = {
        "kind": "round",
        "title_zh": "每日巡查",
        "title_en": "Daily round",
        "clause": "R12.5.1",
        "scope": SCOPE,
        "holder": Holder(role="operator", person=CLEANER),
        "cadence": DAILY,
        "ladder": LADDER,
        "begins_on": world.context(None).today + timedelta(days=1),
    }
    return d.OpenDuty(**{**told, **changes})


def terms(**changes):
    """What a scheme asks for."""
    told = {
        "kind": "r12.self_check",
        "title": Text("班次自查", "Self-check each shift"),
        "clause": "R12.5.1",
        "rule_version": 1,
        "cadence": DAILY,
    }
    return Terms(**{**told, **changes})


def next_noon(world):
    """Let a day pass, to noon."""
    world.advance((world.now + timedelta(days=1)).replace(hour=4, minute=0))


def duties(world):
    """One duty goes through everything by hand, another is a scheme's."""
    world.send("duty", OWN, opened(world, times=2))
    next_noon(world)
    world.send("duty", OWN, d.MeetDuty(note="一遍"), person=CLEANER)
    world.send("duty", OWN, d.MeetDuty(note="两遍"), person=CLEANER)
    for _ in range(4):
        next_noon(world)
    missed = world.state("duty", OWN).lapses[-1].window.key
    world.send("duty", OWN, d.ExcuseLapse(window=missed, reason="台风停工"), person=CHIEF)
    world.send("duty", OWN, d.ReviseDuty(cadence=Cadence(kind="weekly"), ladder=LADDER, reason="改为每周"))
    world.send("duty", OWN, d.ReassignDuty(holder=Holder(role="supervisor", person=CHIEF), reason="调岗"))
    world.send("duty", OWN, d.SuspendDuty(reason="项目停用"))
    world.send("duty", OWN, d.ResumeDuty())
    credited(world)
    world.send("duty", OWN, d.EndDuty(reason="撤场"))


def credited(world):
    """What was done elsewhere counts, also when word of it comes after the window has closed."""
    tomorrow = world.context(None).today + timedelta(days=1)
    holder = Holder(role="operator", person=CLEANER)
    establish = d.EstablishDuty(terms=terms(), scope=SCOPE, holder=holder, begins_on=tomorrow, scheme_id=SCHEME)
    world.send("duty", CREDITED, establish, "system", None)
    next_noon(world)
    for _ in range(2):
        done_at = world.now
        next_noon(world)
        credit = d.CreditDuty(at=done_at, by=CLEANER, source="巡查记录")
        world.send("duty", CREDITED, credit, "system", None)
    world.send("duty", CREDITED, d.CreditDuty(at=world.now, by=CLEANER, source="巡查记录"), "system", None)
    other = d.ApplyTerms(terms=terms(rule_version=2, cadence=Cadence(kind="monthly")), reason="新版规定")
    world.send("duty", CREDITED, other, "system", None)
