"""The sales office's part of the story: fines and what becomes of them in the ledgers."""

from datetime import date
from uuid import UUID

from domain.fine import messages as f
from domain.fine_shares import Liable
from domain.kernel import derived_id
from domain.penalty_ledger import commands as p
from domain.rule_book.messages import AdoptPack
from tests.domain.world import BOOKS, PEOPLE

CLERK, DIRECTOR, ASSISTANT, OFFICER = (UUID(int=number) for number in (11, 12, 13, 14))
JOINT = (Liable("sales_director", DIRECTOR), Liable("director_assistant", ASSISTANT))
LOST, LATE, HELP = (UUID(int=number) for number in (0xF1, 0xF2, 0xF3))
COMPLAINT = UUID("00000000-0000-4000-8000-0000000000cc")


def ledger_of(person):
    """The stream of a person's ledger."""
    return derived_id("penalty_ledger", "person", str(person))


def adopt(world, effective_from=date(2026, 3, 1)):
    """Take over the shipped rules of customer service."""
    world.send("rule_book", BOOKS["R11"], AdoptPack(regulation="R11", effective_from=effective_from))


def fined_people(world):
    """Fines of each ground are imposed, objected to, waived, paid, revoked."""
    adopt(world)
    day = world.context(None).today
    lost = f.ImposeFine(
        clause="R11.1.10", person=CLERK, joint=JOINT[:1], happened_on=day, matter="遗失合同一份", count=2
    )
    world.send("fine", LOST, lost, person=DIRECTOR)
    helped = f.ImposeFine(clause="R11.3", person=CLERK, joint=JOINT, happened_on=day, matter="展会缺岗")
    world.send("fine", HELP, helped, person=DIRECTOR)
    late = f.ImposeFine(
        clause="R11.1.13", person=CLERK, happened_on=day, matter="拖延", amount_fen=3_000, complaint_id=COMPLAINT
    )
    world.send("fine", LATE, late, person=DIRECTOR)
    clerk, director = ledger_of(CLERK), ledger_of(DIRECTOR)
    own = {fine: f"{fine}:fine:responsible" for fine in (LOST, HELP, LATE)}
    world.send("penalty_ledger", clerk, p.ContestEntry(entry_key=own[LOST], reason="已找到一份"), person=CLERK)
    upheld = p.DecideContest(entry_key=own[LOST], upheld=True, reason="仍属遗失")
    world.send("penalty_ledger", clerk, upheld, person=OFFICER)
    world.send("penalty_ledger", clerk, p.SettleEntry(entry_key=own[LOST], reference="工资单-1"), person=OFFICER)
    world.send("penalty_ledger", clerk, p.WaiveEntry(entry_key=own[HELP], reason="初犯"), person=OFFICER)
    joint = f"{HELP}:fine:sales_director"
    world.send("penalty_ledger", director, p.SettleEntry(entry_key=joint, reference="工资单-2"), person=OFFICER)
    heavier(world, clerk)
    world.send("fine", LATE, f.RevokeFine(reason="查明另有原因"), person=OFFICER)


def heavier(world, ledger):
    """A heavier fine for the same act comes and goes, and with it the lighter one goes and comes."""
    key = "test:late"
    entry = p.IssueEntry(
        subject_kind="person",
        subject=str(CLERK),
        entry_key=key,
        kind="fine",
        amount_fen=10_000,
        clause="R11.2.2",
        rule_version=1,
        overlap="heavier",
        causes=(p.CauseRef(PEOPLE[0], 1),),
        act=f"complaint:{COMPLAINT}:late",
    )
    world.send("penalty_ledger", ledger, entry, "system", None)
    gone = p.ReverseEntry(entry_key=key, reason="改判", causes=entry.causes)
    world.send("penalty_ledger", ledger, gone, "system", None)
