"""A contract deposit: penalties and rewards that explain themselves, top-ups, forfeiture, release."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.contract_deposit import CONTRACT_DEPOSIT
from domain.contract_deposit import commands as c
from domain.contract_deposit import events as e
from domain.kernel import Actor, Context, Refusal, RuleVersion, derived_id
from domain.rules import r14

PROJECT = UUID(int=7)
AGREED_FEN = 10_000_000
ONE_PERCENT_FEN = 100_000


class Account:
    """A deposit under given readings, whose commands are decided and folded as they come."""

    def __init__(self, received_fen=AGREED_FEN, **values):
        self.rules = replace(r14.default_values(), **values)
        self.events = []
        self.state = None
        self.now = datetime(2026, 4, 1, 1, tzinfo=UTC)
        self.send(
            c.OpenDeposit(
                project_id=PROJECT,
                contractor="某物业公司",
                agreed_fen=AGREED_FEN,
                contract_from=date(2026, 3, 1),
                contract_to=date(2027, 2, 28),
            )
        )
        if received_fen:
            self.send(c.ReceiveDeposit(amount_fen=received_fen, reference="收-1"))

    def send(self, command):
        """Decide and fold; the new events."""
        context = Context(
            actor=Actor(kind="system"),
            now=self.now,
            calendar=Calendar(),
            rules={"R14": (RuleVersion(1, date(2026, 3, 1), self.rules),)},
        )
        new = CONTRACT_DEPOSIT.decide(self.state, command, context)
        self.events += new
        self.state = CONTRACT_DEPOSIT.fold(self.state, new)
        return new

    def refuse(self, command):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(command)
        return caught.value

    def settle(self, month, band, revision=None):
        """Settle a month, by default as its next revision."""
        settled = self.state.months.get(month)
        number = revision or (1 if settled is None else settled.revision + 1)
        return self.send(
            c.SettleMonth(
                month=month,
                assessment_id=derived_id(PROJECT, "assessment", month),
                revision=number,
                band=band,
                rule_version=1,
                source_version=20 + number,
            )
        )


def kinds(events):
    """The types of events, for comparison."""
    return [type(event) for event in events]


def test_the_deposit_is_received_until_the_agreed_amount_is_reached():
    """Part payments add up; more than agreed, and a reference twice, are refused."""
    account = Account(received_fen=4_000_000)
    assert account.state.status == "awaiting"
    too_much = account.refuse(c.ReceiveDeposit(amount_fen=6_000_001, reference="收-2"))
    assert (too_much.code, too_much.details) == ("more_than_owed", {"limit_fen": 6_000_000})
    assert account.refuse(c.ReceiveDeposit(amount_fen=1, reference="收-1")).code == "reference_used"
    account.send(c.ReceiveDeposit(amount_fen=6_000_000, reference="收-2"))
    assert (account.state.status, account.state.balance_fen) == ("held", AGREED_FEN)


@pytest.mark.clause("R14.5.1")
def test_a_failed_month_costs_one_percent_and_says_why():
    """The entry names clause, rules, reading, scorecard and the event it rests on."""
    account = Account()
    settled, penalty, demanded = account.settle("2026-03", "failed")
    assert (penalty.effect_fen, penalty.balance_after_fen) == (-ONE_PERCENT_FEN, AGREED_FEN - ONE_PERCENT_FEN)
    assert (penalty.clause, penalty.rule_version, penalty.readings) == ("R14.5.1", 1, {"R14.5.1.base": "original"})
    assert (penalty.month, penalty.revision, penalty.source_version) == ("2026-03", 1, 21)
    assert penalty.assessment_id == derived_id(PROJECT, "assessment", "2026-03")
    assert (penalty.base_fen, penalty.percent) == (AGREED_FEN, Decimal(1))
    assert (settled.band, demanded.amount_fen, demanded.due_on) == ("failed", ONE_PERCENT_FEN, date(2026, 4, 16))


@pytest.mark.clause("R14.5.1")
def test_under_the_other_reading_the_base_is_the_current_balance():
    """The second penalty is one percent of what the first left."""
    account = Account(penalty_base="current", top_up="none")
    account.settle("2026-03", "failed")
    account.settle("2026-04", "failed")
    assert account.state.balance_fen == AGREED_FEN - ONE_PERCENT_FEN - 99_000


@pytest.mark.clause("R14.5.1")
def test_a_penalty_takes_no_more_than_there_is():
    """What is missing is recorded as uncollected, and the balance stops at zero."""
    account = Account(received_fen=30_000)
    account.settle("2026-03", "failed")
    assert (account.state.balance_fen, account.state.uncollected_fen) == (0, 70_000)


@pytest.mark.clause("R14.2.1", "R14.5.1", "R14.5.2")
@pytest.mark.parametrize("band", ["qualified", "marginal"])
def test_a_qualified_or_marginal_month_moves_nothing(band):
    """It is noted, and no entry follows."""
    assert kinds(Account().settle("2026-03", band)) == [e.MonthSettled]


@pytest.mark.clause("R14.5.2")
@pytest.mark.parametrize(("kind", "effect_fen", "payout_fen"), [("paid_out", 0, 100_000), ("credited", 100_000, 0)])
def test_an_excellent_month_earns_one_percent(kind, effect_fen, payout_fen):
    """Paid out beside the deposit, or credited to it, as the reading says."""
    _, reward = Account(reward_kind=kind).settle("2026-03", "excellent")
    assert (reward.effect_fen, reward.payout_fen, reward.clause) == (effect_fen, payout_fen, "R14.5.2")
    assert reward.readings["R14.5.2.kind"] == kind


def test_a_month_is_settled_once_a_revision():
    """The same or an older revision changes nothing."""
    account = Account()
    account.settle("2026-03", "failed", revision=2)
    assert account.settle("2026-03", "failed", revision=2) == ()
    assert account.settle("2026-03", "excellent", revision=1) == ()


@pytest.mark.clause("R14.5.1")
def test_a_re_assessed_month_gives_the_penalty_back():
    """The reversal names the entry it reverses, and the demand falls."""
    account = Account()
    account.settle("2026-03", "failed")
    _, reversal, withdrawn = account.settle("2026-03", "qualified")
    assert (reversal.reverses, reversal.effect_fen, reversal.revision) == ("2026-03.r1.penalty", ONE_PERCENT_FEN, 2)
    assert (type(withdrawn), account.state.demands) == (e.TopUpWithdrawn, ())
    assert account.state.balance_fen == AGREED_FEN


def test_a_re_assessment_to_the_same_band_leaves_the_entry_alone():
    """What still holds is not booked twice."""
    account = Account()
    account.settle("2026-03", "failed")
    assert kinds(account.settle("2026-03", "failed")) == [e.MonthSettled]


@pytest.mark.clause("R14.5.1", "R14.5.2")
def test_a_failed_month_that_turns_out_excellent_is_reversed_and_rewarded():
    """Both by new entries; a third revision reverses those."""
    account = Account(reward_kind="credited")
    account.settle("2026-03", "failed")
    assert kinds(account.settle("2026-03", "excellent"))[:3] == [e.MonthSettled, e.PenaltyReversed, e.RewardGranted]
    assert account.state.balance_fen == AGREED_FEN + ONE_PERCENT_FEN
    account.settle("2026-03", "failed")
    assert account.state.balance_fen == AGREED_FEN - ONE_PERCENT_FEN


@pytest.mark.clause("R14.5.2")
def test_a_reward_paid_out_in_error_is_claimed_back():
    """The claim is a negative payout, the balance is untouched."""
    account = Account()
    account.settle("2026-03", "excellent")
    _, reversal = account.settle("2026-03", "qualified")
    assert (reversal.payout_fen, reversal.effect_fen, account.state.balance_fen) == (-ONE_PERCENT_FEN, 0, AGREED_FEN)


@pytest.mark.clause("R14.5.1")
def test_a_top_up_is_received_oldest_demand_first():
    """A part payment meets the first demand and begins the second; more than demanded is refused."""
    account = Account()
    account.settle("2026-03", "failed")
    account.settle("2026-04", "failed")
    (received,) = account.send(c.ReceiveTopUp(amount_fen=150_000, reference="补-1"))
    assert [(part.demand_id, part.amount_fen) for part in received.allocation] == [
        ("2026-03.r1.penalty", 100_000),
        ("2026-04.r1.penalty", 50_000),
    ]
    assert account.state.demanded_fen == 50_000
    assert account.refuse(c.ReceiveTopUp(amount_fen=50_001, reference="补-2")).code == "more_than_owed"


@pytest.mark.clause("R14.5.1")
def test_nothing_is_demanded_where_the_rules_say_so():
    """Under the reading without top-ups the deposit just shrinks."""
    assert kinds(Account(top_up="none").settle("2026-03", "failed")) == [e.MonthSettled, e.PenaltyImposed]


@pytest.mark.clause("R14.5.1")
def test_a_demand_is_overdue_when_its_deadline_fires():
    """Not before, and once."""
    account = Account()
    account.settle("2026-03", "failed")
    (deadline,) = CONTRACT_DEPOSIT.deadlines(account.state)
    assert account.refuse(deadline.command).code == "not_due_yet"
    account.now = deadline.due_at
    (overdue,) = account.send(deadline.command)
    assert (overdue.remaining_fen, overdue.month) == (ONE_PERCENT_FEN, "2026-03")
    assert CONTRACT_DEPOSIT.deadlines(account.state) == ()
    assert account.send(deadline.command) == ()


@pytest.mark.clause("R14.5.1")
def test_what_exceeds_the_agreed_amount_after_a_reversal_is_refunded():
    """A penalty topped up and then reversed leaves an excess that finance pays back, and no more."""
    account = Account()
    account.settle("2026-03", "failed")
    account.send(c.ReceiveTopUp(amount_fen=ONE_PERCENT_FEN, reference="补-1"))
    account.settle("2026-03", "qualified")
    assert account.state.refundable_fen == ONE_PERCENT_FEN
    assert account.refuse(c.RefundExcess(amount_fen=ONE_PERCENT_FEN + 1, reference="退-1")).code == (
        "more_than_refundable"
    )
    account.send(c.RefundExcess(amount_fen=ONE_PERCENT_FEN, reference="退-1"))
    assert (account.state.balance_fen, account.state.refundable_fen) == (AGREED_FEN, 0)


@pytest.mark.clause("R14.5.2")
def test_a_credited_reward_is_no_excess():
    """It stands in the deposit until the end."""
    account = Account(reward_kind="credited")
    account.settle("2026-03", "excellent")
    assert account.state.refundable_fen == 0


@pytest.mark.clause("R14.5.1")
def test_what_remains_is_forfeited_and_a_later_penalty_finds_nothing():
    """After a termination entries have no effect, and say what was not collected."""
    account = Account()
    account.settle("2026-03", "failed")
    (forfeited,) = account.send(c.ForfeitDeposit(rule_version=1))
    assert (forfeited.effect_fen, forfeited.clause) == (ONE_PERCENT_FEN - AGREED_FEN, "R14.5.1")
    _, penalty = account.settle("2026-04", "failed")
    assert (penalty.effect_fen, penalty.uncollected_fen, account.state.balance_fen) == (0, ONE_PERCENT_FEN, 0)
    assert CONTRACT_DEPOSIT.deadlines(account.state) == ()
    assert account.send(c.ForfeitDeposit(rule_version=1)) == ()
    assert account.refuse(c.ReceiveTopUp(amount_fen=1, reference="补-1")).code == "deposit_forfeited"


bands = st.sampled_from(["excellent", "qualified", "marginal", "failed"])
months = st.sampled_from(["2026-03", "2026-04", "2026-05", "2026-06"])
results = st.lists(st.tuples(months, bands), max_size=12)


@pytest.mark.clause("R14.5.1", "R14.5.2")
@settings(max_examples=100, deadline=None)
@given(results, results)
def test_a_forfeiture_taken_back_leaves_the_account_as_if_it_had_never_been(before, meanwhile):
    """Months settled while forfeited end up as they would have."""
    undisturbed, disturbed = Account(), Account()
    for month, band in before:
        undisturbed.settle(month, band)
        disturbed.settle(month, band)
    disturbed.send(c.ForfeitDeposit(rule_version=1))
    assert disturbed.state.balance_fen == 0
    for month, band in meanwhile:
        undisturbed.settle(month, band)
        disturbed.settle(month, band)
        assert disturbed.state.balance_fen == 0
    disturbed.send(c.RestoreForfeited(rule_version=1))
    assert disturbed.state.status == "held"
    assert disturbed.state.balance_fen == undisturbed.state.balance_fen
    assert disturbed.state.uncollected_fen == undisturbed.state.uncollected_fen
    assert disturbed.state.demanded_fen == undisturbed.state.demanded_fen


def test_the_balance_is_released_at_the_end_of_the_contract():
    """Not before the contract ends; demands fall; the account closes."""
    account = Account()
    account.settle("2026-03", "failed")
    assert account.refuse(c.ReleaseDeposit(reference="退-1")).code == "release_not_permitted"
    assert kinds(account.send(c.PermitRelease())) == [e.TopUpWithdrawn, e.ReleasePermitted]
    (released,) = account.send(c.ReleaseDeposit(reference="退-1"))
    assert released.payout_fen == AGREED_FEN - ONE_PERCENT_FEN
    assert (account.state.status, account.state.balance_fen) == ("released", 0)


@pytest.mark.clause("R14.5.1")
def test_a_penalty_reversed_after_the_release_is_paid_to_the_contractor():
    """The closed account has no balance to give it back to; a new penalty there stays uncollected."""
    account = Account()
    account.settle("2026-03", "failed")
    account.send(c.PermitRelease())
    account.send(c.ReleaseDeposit(reference="退-1"))
    _, reversal = account.settle("2026-03", "qualified")
    assert (reversal.payout_fen, reversal.effect_fen) == (ONE_PERCENT_FEN, 0)
    _, penalty = account.settle("2026-04", "failed")
    assert (penalty.uncollected_fen, penalty.effect_fen) == (ONE_PERCENT_FEN, 0)


amounts = st.integers(1, AGREED_FEN)
steps = st.one_of(
    st.tuples(st.just("settle"), months, bands),
    st.tuples(st.just("receive"), amounts, st.none()),
    st.tuples(st.just("top_up"), amounts, st.none()),
    st.tuples(st.just("refund"), amounts, st.none()),
    st.tuples(st.sampled_from(["forfeit", "restore", "permit", "release"]), st.none(), st.none()),
)
readings = st.fixed_dictionaries(
    {
        "penalty_base": st.sampled_from(["original", "current"]),
        "reward_kind": st.sampled_from(["paid_out", "credited"]),
        "top_up": st.sampled_from(["within_days", "none"]),
        "penalty_percent": st.sampled_from([Decimal(1), Decimal("33.3333"), Decimal(60)]),
        "reward_percent": st.sampled_from([Decimal(1), Decimal("12.5")]),
    }
)


def act(account, step, number):
    """Send one random step; amounts are cut to what the account allows, so that most succeed."""
    kind, first, second = step
    state, reference = account.state, f"凭-{number}"
    match kind:
        case "settle":
            account.settle(first, second)
        case "receive":
            amount_fen = min(first, state.agreed_fen - state.received_fen) or first
            account.send(c.ReceiveDeposit(amount_fen=amount_fen, reference=reference))
        case "top_up":
            account.send(c.ReceiveTopUp(amount_fen=min(first, state.demanded_fen) or first, reference=reference))
        case "refund":
            account.send(c.RefundExcess(amount_fen=min(first, state.refundable_fen) or first, reference=reference))
        case "forfeit":
            account.send(c.ForfeitDeposit(rule_version=1))
        case "restore":
            account.send(c.RestoreForfeited(rule_version=1))
        case "permit":
            account.send(c.PermitRelease())
        case "release":
            account.send(c.ReleaseDeposit(reference=reference))


@pytest.mark.clause("R14.5.1", "R14.5.2")
@settings(max_examples=300, deadline=None)
@given(readings, st.integers(0, AGREED_FEN), st.lists(steps, max_size=25))
def test_entries_add_up_to_a_balance_that_is_never_negative(values, received_fen, sequence):
    """After every step: sums agree, nothing is below zero, demands are covered by a shortage, ids are unique."""
    account = Account(received_fen=received_fen, **values)
    for number, step in enumerate(sequence):
        with suppress(Refusal):
            act(account, step, number)
        state, balance_fen = account.state, 0
        for entry in state.entries:
            balance_fen += entry.effect_fen
            assert entry.balance_after_fen == balance_fen >= 0
        assert state.balance_fen == balance_fen
        assert state.uncollected_fen == sum(entry.uncollected_fen for entry in state.entries) >= 0
        assert state.status not in {"awaiting", "held"} or state.demanded_fen <= state.shortage_fen
        assert state.status not in {"forfeited", "released"} or state.balance_fen == 0
        assert len({entry.entry_id for entry in state.entries}) == len(state.entries)
        for month in state.months.values():
            assert {state.entry(each).month for each in month.standing} <= {month.month}
