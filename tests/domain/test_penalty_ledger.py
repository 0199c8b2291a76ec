"""A person's penalty ledger: entries that add up, contests, and the two readings of one act under two clauses."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal
from domain.penalty_ledger import PENALTY_LEDGER, double_draws, totals
from domain.penalty_ledger import commands as c
from domain.penalty_ledger import events as e

PERSON, OFFICER = UUID(int=1), UUID(int=2)
CAUSES = (c.CauseRef(UUID(int=9), 3),)


class Ledger:
    """A ledger whose commands are decided and folded as they come."""

    def __init__(self):
        self.state = None

    def send(self, command, person=OFFICER):
        """Decide and fold; the new events."""
        context = Context(
            actor=Actor(kind="member", id=person), now=datetime(2026, 4, 1, 1, tzinfo=UTC), calendar=Calendar()
        )
        new = PENALTY_LEDGER.decide(self.state, command, context)
        self.state = PENALTY_LEDGER.fold(self.state, new)
        return new

    def refuse(self, command, person=OFFICER):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(command, person)
        return caught.value

    def entry(self, key):
        """An entry as it stands."""
        return self.state.entries[key]


def fine(key="a", amount_fen=10_000, clause="R11.2.2", act="late", overlap="heavier", **more):
    """A fine against the person."""
    return c.IssueEntry(
        subject_kind="person",
        subject=str(PERSON),
        entry_key=key,
        kind="fine",
        amount_fen=amount_fen,
        clause=clause,
        rule_version=1,
        overlap=overlap,
        causes=CAUSES,
        act=act,
        **more,
    )


def sanction(key="s"):
    """A sanction against the person."""
    return c.IssueEntry(
        subject_kind="person",
        subject=str(PERSON),
        entry_key=key,
        kind="sanction",
        form="written_self_criticism",
        clause="R4.5",
        rule_version=1,
        causes=CAUSES,
        act="case",
    )


def opened(*commands):
    """A ledger with entries."""
    ledger = Ledger()
    for command in commands or (fine(),):
        ledger.send(command)
    return ledger


@pytest.mark.clause("R11.2.2")
def test_the_first_entry_opens_the_ledger_and_says_what_it_rests_on():
    """Clause, rule version, act and causes are in the entry."""
    ledger = Ledger()
    began, issued = ledger.send(fine())
    assert began == e.LedgerOpened(subject_kind="person", subject=str(PERSON))
    assert (issued.clause, issued.rule_version, issued.act, issued.causes) == ("R11.2.2", 1, "late", CAUSES)
    assert (ledger.state.status, totals(ledger.state).owed_fen) == ("owing", 10_000)


def test_an_entry_is_made_once():
    """The same key again changes nothing."""
    assert opened().send(fine()) == ()


def test_a_ledger_is_one_subjects():
    """An entry for somebody else is refused, and so is one without what its kind needs."""
    ledger = opened()
    other = msgspec.structs.replace(fine(key="b"), subject=str(OFFICER))
    assert ledger.refuse(other).code == "other_subject"
    bare = msgspec.structs.replace(fine(key="b"), amount_fen=None)
    assert ledger.refuse(bare).field == "amount_fen"
    priced = msgspec.structs.replace(sanction(), amount_fen=5)
    assert ledger.refuse(priced).code == "amount_out_of_place"


def test_only_the_person_himself_objects_and_only_once():
    """Anybody else is refused; an entry upheld is not objected to again."""
    ledger = opened()
    objection = c.ContestEntry(entry_key="a", reason="不是我")
    assert ledger.refuse(objection).code == "not_the_subject"
    ledger.send(objection, PERSON)
    assert ledger.entry("a").status == "contested"
    ledger.send(c.DecideContest(entry_key="a", upheld=True, reason="属实"))
    assert (ledger.entry("a").status, totals(ledger.state).owed_fen) == ("upheld", 10_000)
    assert ledger.refuse(objection, PERSON).code == "contested_already"


def test_nobody_decides_or_forgives_his_own_entry():
    """The person concerned is refused both; nobody unknown decides."""
    ledger = opened()
    ledger.send(c.ContestEntry(entry_key="a", reason="不是我"), PERSON)
    decide = c.DecideContest(entry_key="a", upheld=False, reason="查无实据")
    assert ledger.refuse(decide, PERSON).code == "own_entry"
    assert ledger.refuse(c.WaiveEntry(entry_key="a", reason="算了"), PERSON).code == "own_entry"
    assert ledger.refuse(decide, None).code == "person_required"


def test_an_objection_that_succeeds_reverses_the_entry():
    """The decision is followed by the reversal, and nothing is owed."""
    ledger = opened()
    ledger.send(c.ContestEntry(entry_key="a", reason="不是我"), PERSON)
    decided, reversed_ = ledger.send(c.DecideContest(entry_key="a", upheld=False, reason="查无实据"))
    assert (decided.upheld, reversed_.amount_fen, reversed_.refund_fen) == (False, 10_000, 0)
    assert (ledger.entry("a").status, ledger.state.status) == ("reversed", "clear")


def test_a_contested_entry_is_not_collected():
    """Payment waits for the decision."""
    ledger = opened()
    ledger.send(c.ContestEntry(entry_key="a", reason="不是我"), PERSON)
    assert ledger.refuse(c.SettleEntry(entry_key="a", reference="工资单-1")).code == "contest_open"


def test_what_was_paid_and_then_reversed_goes_back():
    """The ledger owes the person until the repayment is booked, under a reference of its own."""
    ledger = opened()
    ledger.send(c.SettleEntry(entry_key="a", reference="工资单-1"))
    (reversed_,) = ledger.send(c.ReverseEntry(entry_key="a", reason="改判", causes=CAUSES))
    assert (reversed_.refund_fen, totals(ledger.state).owed_fen, ledger.state.status) == (10_000, -10_000, "owing")
    assert ledger.refuse(c.SettleEntry(entry_key="a", reference="工资单-1")).code == "reference_used"
    (repaid,) = ledger.send(c.SettleEntry(entry_key="a", reference="工资单-2"))
    assert (repaid.amount_fen, ledger.state.status, ledger.entry("a").status) == (-10_000, "clear", "reversed")
    assert ledger.send(c.ReverseEntry(entry_key="a", reason="改判", causes=CAUSES)) == ()


def test_a_sanction_is_carried_out_without_money():
    """Settling it moves nothing and happens once."""
    ledger = opened(sanction())
    (settled,) = ledger.send(c.SettleEntry(entry_key="s", reference="检查-1"))
    assert (settled.amount_fen, ledger.entry("s").status) == (0, "settled")
    assert ledger.refuse(c.SettleEntry(entry_key="s", reference="检查-2")).code == "nothing_to_settle"


@pytest.mark.clause("R11.2.2", "R11.1.13")
@pytest.mark.parametrize("heavier_first", [True, False])
def test_of_two_fines_for_one_act_the_heavier_alone_is_owed(heavier_first):
    """Whichever comes first, the lighter gives way, and the ledger says by which reading."""
    heavy, light = fine(), fine(key="b", amount_fen=3_000, clause="R11.1.13")
    ledger = opened(*((heavy, light) if heavier_first else (light, heavy)))
    assert (ledger.entry("b").displaced_by, totals(ledger.state).owed_fen) == ("a", 10_000)
    (draw,) = double_draws(ledger.state)
    assert (draw.act, draw.clauses) == ("late", ("R11.1.13", "R11.2.2"))


@pytest.mark.clause("R11.2.2", "R11.1.13")
def test_under_the_other_reading_both_are_owed_and_still_shown():
    """They add up, and the detector names the act."""
    ledger = opened(fine(overlap="both"), fine(key="b", amount_fen=3_000, clause="R11.1.13", overlap="both"))
    assert totals(ledger.state).owed_fen == 13_000
    assert [draw.entry_keys for draw in double_draws(ledger.state)] == [("a", "b")]


@pytest.mark.clause("R11.2.2", "R11.1.13")
def test_when_the_heavier_falls_the_lighter_is_owed_again():
    """A reversal leaves the field to the lighter fine."""
    ledger = opened(fine(), fine(key="b", amount_fen=3_000, clause="R11.1.13"))
    _, back = ledger.send(c.ReverseEntry(entry_key="a", reason="改判", causes=CAUSES))
    assert (back.entry_key, back.after_key, back.amount_fen) == ("b", "a", 3_000)
    assert totals(ledger.state).owed_fen == 3_000


@pytest.mark.clause("R11.2.2", "R11.1.13")
def test_a_lighter_fine_that_was_paid_counts_towards_the_heavier():
    """What was paid for it goes back, so that the heavier alone is borne."""
    ledger = opened(fine(key="b", amount_fen=3_000, clause="R11.1.13"))
    ledger.send(c.SettleEntry(entry_key="b", reference="工资单-1"))
    ledger.send(fine())
    assert (ledger.entry("b").owed_fen, totals(ledger.state).owed_fen) == (-3_000, 7_000)


def test_two_acts_do_not_touch_each_other():
    """Nor do two fines under one clause."""
    ledger = opened(fine(), fine(key="b", clause="R11.1.13", act="other"), fine(key="c"))
    assert totals(ledger.state).owed_fen == 30_000
    assert double_draws(ledger.state) == ()


KEYS = st.sampled_from("abcde")
WORDS = st.sampled_from(["工资单-1", "工资单-2", "工资单-3", "工资单-4"])
STEPS = st.one_of(
    st.builds(
        fine,
        key=KEYS,
        amount_fen=st.integers(0, 10_000),
        clause=st.sampled_from(["R11.2.2", "R11.1.13", "R11.3"]),
        act=st.sampled_from(["late", "lost"]),
        overlap=st.sampled_from(["heavier", "heavier", "both"]),
    ),
    st.builds(c.ReverseEntry, entry_key=KEYS, reason=st.just("改判"), causes=st.just(CAUSES)),
    st.builds(c.ContestEntry, entry_key=KEYS, reason=st.just("不服")),
    st.builds(c.DecideContest, entry_key=KEYS, upheld=st.booleans(), reason=st.just("裁定")),
    st.builds(c.WaiveEntry, entry_key=KEYS, reason=st.just("免除")),
    st.builds(c.SettleEntry, entry_key=KEYS, reference=WORDS),
)


def sums(ledger):
    """What every state of a ledger must satisfy."""
    added = totals(ledger.state)
    taken_fen = added.displaced_fen + added.waived_fen + added.reversed_fen + added.settled_fen
    assert added.owed_fen == added.issued_fen - taken_fen
    assert ledger.state.status == ("owing" if any(entry.owed_fen for entry in entries(ledger)) else "clear")
    for entry in entries(ledger):
        assert entry.waived_fen + entry.reversed_fen + entry.displaced_fen <= entry.amount_fen
        assert entry.owed_fen >= 0 or entry.status == "reversed" or entry.displaced_by is not None
        if entry.displaced_by is not None:
            above = ledger.entry(entry.displaced_by)
            assert above.amount_fen >= entry.amount_fen
            assert (above.status != "reversed", above.displaced_by) == (True, None)


def entries(ledger):
    """All entries as they stand."""
    return ledger.state.entries.values()


@settings(max_examples=400, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_the_ledger_adds_up(steps):
    """After each event nothing is owed twice, nothing is lost, and whoever gives way gives way to what stands."""
    ledger = opened()
    for step in steps:
        person = PERSON if isinstance(step, c.ContestEntry) else OFFICER
        before = ledger.state
        try:
            ledger.send(step, person)
        except Refusal:
            assert ledger.state == before, "what was refused has changed something"
        sums(ledger)
