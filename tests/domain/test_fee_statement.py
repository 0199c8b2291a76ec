"""The public statement equals the entries, and the repair fund is spent on repairs by one command alone."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import catalogue
from domain.fee_account import account_id
from domain.fee_account import commands as a
from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.parts import Counted
from domain.fee_book.state import amounts_of
from domain.kernel import Cause, Refusal, derived_id
from domain.periods import last_day, month_of
from domain.repair_fund import REPAIR_FUND
from domain.repair_fund import messages as f
from domain.rule_book.messages import AdoptPack
from domain.rules.r13 import default_values
from tests.domain import story
from tests.domain.story_fee_book import BOOK, MANAGER, PROJECT, account, charge, paid, passing, spending
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK, repair
from tests.domain.test_catalogue_generic import RULES, some_command
from tests.domain.test_catalogue_generic import context as some_context
from tests.domain.world import BOOKS, World

LATER = datetime(2027, 3, 1, tzinfo=UTC)
BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
FUND = derived_id(PROJECT, "repair_fund")
ENTRIES = (
    e.ReceiptNoted,
    e.ReceiptTakenBack,
    e.SettlementMoved,
    e.PassedOn,
    e.ExpenditureRecorded,
    e.BookEntryReversed,
)
UNITS = ("2-201", "2-202", "2-203")
ITEMS = ("property_fee", "water", "electricity", "common_repair", "home_repair")
PURPOSES = {purpose.code for purpose in default_values().fund_purposes}

steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "pay",
                "pay",
                "hand over",
                "bank",
                "charge",
                "charge",
                "reverse",
                "pass on",
                "spend",
                "take back",
                "repair",
                "elsewhere",
                "publish",
            ]
        ),
        st.integers(1, 9_000),
        st.integers(0, 30),
        st.integers(0, 25),
    ),
    min_size=5,
    max_size=60,
)


class Lived:
    """A project of three flats, whose random life is told command by command."""

    def __init__(self):
        self.world = World(BEGIN)
        self.world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
        for unit in UNITS:
            self.world.send("fee_account", self.flat(unit), account(unit=unit))
        for item in ("water", "electricity"):
            named = c.AppointSupplier(item=item, supplier=f"{item}公司")
            self.world.send("fee_book", BOOK, named, person=ACCOUNTANT)

    def flat(self, unit):
        """The account of a flat."""
        return account_id(PROJECT, "2", unit)

    def step(self, kind, amount_fen, number, days):
        """One command, which is answered or refused; the code of a refusal."""
        self.world.advance(self.world.now + timedelta(days=days))
        noun, stream, command, person = self.command(kind, amount_fen, number)
        try:
            self.world.send(noun, stream, command, person=person)
        except Refusal as refusal:
            return refusal.code
        return None

    def command(self, kind, amount_fen, number):
        """What a step sends where."""
        flat, item = self.flat(UNITS[number % 3]), ITEMS[number % 5]
        month = month_of(self.world.now.date().replace(day=1) - timedelta(days=1 + number % 2 * 40))
        return {
            "pay": ("fee_account", flat, paid(amount_fen, ("cash", "card", "transfer")[number % 3]), CLERK),
            "hand over": ("fee_book", BOOK, self.handing_over(number), CLERK),
            "bank": ("fee_account", flat, self.banked(amount_fen, number), ACCOUNTANT),
            "charge": ("fee_account", flat, charge(month, item), CLERK),
            "reverse": ("fee_account", flat, self.reversal(flat, number or 1), MANAGER),
            "pass on": ("fee_book", BOOK, passing(amount_fen, month, ("water", "electricity")[number % 2]), ACCOUNTANT),
            "spend": ("fee_book", BOOK, spending(amount_fen, ("cleaning", "taxes")[number % 2]), ACCOUNTANT),
            "take back": ("fee_book", BOOK, c.ReverseBookEntry(number=number + 1, reason="误"), MANAGER),
            "repair": ("repair_fund", FUND, repair(amount_fen), ACCOUNTANT),
            "elsewhere": ("repair_fund", FUND, repair(amount_fen, purpose="cleaning"), ACCOUNTANT),
            "publish": ("fee_book", BOOK, self.publication(), ACCOUNTANT),
        }[kind]

    def reversal(self, flat, number):
        """An entry is taken back; of a row of the bank it is said why."""
        entry = self.world.state("fee_account", flat).entries.get(number)
        cause = None if entry is None or entry.bank_reference is None else "mistake"
        return a.ReverseFeeEntry(number=number, reason="误", cause=cause)

    def banked(self, amount_fen, number):
        """A row of the bank, paid some days ago."""
        today = self.world.context(None).today
        paid_on = max(date(2026, 1, 1), today - timedelta(days=number))
        return a.BookBankPayment(amount_fen=amount_fen, bank_reference=f"{self.world.commands}", paid_on=paid_on)

    def handing_over(self, number):
        """All that the collector holds, or what came until some entry, rightly counted."""
        held = self.world.state("fee_book", BOOK).held_by(CLERK)
        up_to = None if number % 2 else max(1, self.world.state("fee_book", BOOK).last_entry - number)
        due = amounts_of(each for place, each in held.items() if up_to is None or place <= up_to)
        return c.HandOver(counted=msgspec.convert(msgspec.to_builtins(due), Counted), up_to=up_to)

    def publication(self):
        """The publication that is owed."""
        return c.PublishAccounts(first_month=self.world.state("fee_book", BOOK).owed.first_month)

    def publish_all(self, until):
        """Publish every period that ends before a day."""
        while last_day(self.world.state("fee_book", BOOK).owed.last_month) < until:
            owed = self.world.state("fee_book", BOOK).owed
            self.world.advance(max(self.world.now, datetime.combine(owed.due_on, datetime.min.time(), UTC)))
            self.world.send("fee_book", BOOK, self.publication(), person=ACCOUNTANT)

    def events(self, *kinds):
        """What happened in the book."""
        return [event for noun, _, _, event in self.world.log if noun == "fee_book" and isinstance(event, kinds)]


def audited(lived, statement):
    """A statement as an auditor works it out: from the entries of its days that it rests on, one by one."""
    days = (date.fromisoformat(f"{statement.first_month}-01"), last_day(statement.last_month))
    found, count = {}, 0

    def add(*place, amount_fen):
        found[place] = found.get(place, 0) + amount_fen

    for entry in lived.events(*ENTRIES):
        if not days[0] <= entry.booked_on <= days[1] or entry.number > statement.last_entry:
            continue
        count += 1
        for move in getattr(entry, "moves", ()):
            place = ("agency", move.item) if move.kind == "agency" else (move.kind,)
            add(*place, amount_fen=move.amount_fen)
        if isinstance(entry, e.PassedOn):
            add("passed on", entry.item, amount_fen=entry.amount_fen)
        if isinstance(entry, e.ExpenditureRecorded):
            add("spent", entry.category, amount_fen=entry.amount_fen)
        if isinstance(entry, e.BookEntryReversed):
            what = {"expenditure": "spent", "pass_on": "passed on"}[entry.what]
            add(what, entry.code, amount_fen=-entry.amount_fen)
    return {place: amount_fen for place, amount_fen in found.items() if amount_fen}, count


def told(statement):
    """A statement's figures, by the same names."""
    figures = {
        **{(kind,): amount_fen for kind, amount_fen in statement.income_fen.items()},
        **{("spent", category): amount_fen for category, amount_fen in statement.spent_fen.items()},
        **{("agency", line.item): line.collected_fen for line in statement.agency},
        **{("passed on", line.item): line.passed_on_fen for line in statement.agency},
        ("repair",): statement.repair_fen,
        ("advance",): statement.advance_moved_fen,
    }
    return {place: amount_fen for place, amount_fen in figures.items() if amount_fen}


@pytest.mark.clause("R13.4.3", "R13.4.1", "R13.4.2.7", "R13.4.2.8")
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_the_public_statement_equals_the_entries(done):
    """Each period is what its entries add up to, all of them together what units paid; suppliers never get more."""
    lived = Lived()
    for step in done:
        code = lived.step(*step)
        assert step[0] != "elsewhere" or code in {"fund_ring_fenced", "not_found"}
    lived.publish_all(lived.world.context(None).today + timedelta(days=200))
    statements = lived.events(e.AccountsPublished)
    assert statements
    for statement in statements:
        assert (told(statement), statement.entries) == audited(lived, statement)
        assert statement.surplus_fen == sum(statement.income_fen.values()) - sum(statement.spent_fen.values())
    assert sum(one.entries for one in statements) == lived.world.state("fee_book", BOOK).last_entry
    accounts = [lived.world.state("fee_account", lived.flat(unit)) for unit in UNITS]
    paid_fen = {}
    for one in accounts:
        for entry in one.entries.values():
            if entry.stands and entry.kind != "agency":
                place = entry.kind if entry.item else "late_fee"
                paid_fen[place] = paid_fen.get(place, 0) + entry.paid_fen
    income = {kind: sum(each.income_fen.get(kind, 0) for each in statements) for kind in paid_fen if kind != "repair"}
    assert income == {kind: amount_fen for kind, amount_fen in paid_fen.items() if kind != "repair"}
    assert statements[-1].advance_closing_fen == sum(one.credit_fen for one in accounts)
    repairs_fen = sum(statement.repair_fen for statement in statements)
    assert repairs_fen == paid_fen.get("repair", 0)
    spent = [event for noun, *_, event in lived.world.log if isinstance(event, f.FundSpent)]
    fund = lived.world.states.get(("repair_fund", FUND))
    assert (0 if fund is None else fund.balance_fen) == repairs_fen - sum(one.amount_fen for one in spent)
    assert {one.purpose for one in spent} <= PURPOSES
    must_be_handed_over_once(lived)
    for passed in lived.events(e.PassedOn):
        assert passed.owed_after_fen >= 0


def decided(state, command):
    """The events that a command causes, or the code that refuses it."""
    try:
        return REPAIR_FUND.decide(state, command, some_context(LATER, "member", MANAGER, 3)), None
    except Refusal as refusal:
        return (), refusal.code


def must_be_handed_over_once(lived):
    """No entry is in two hand-overs; what was collected in person is handed over or held, by each means of payment."""
    handed = lived.events(e.HandedOver)
    entries = [number for one in handed for number in one.entries]
    assert len(entries) == len(set(entries))
    come_to = {"cash": 0, "card": 0, "transfer": 0}
    for one in lived.events(e.ReceiptNoted, e.ReceiptTakenBack):
        if not one.banked:
            come_to[one.means] += one.amount_fen if isinstance(one, e.ReceiptNoted) else -one.amount_fen
    held = amounts_of(lived.world.state("fee_book", BOOK).receipts.values())
    for means, amount_fen in come_to.items():
        field = f"{means}_fen"
        assert amount_fen == getattr(held, field) + sum(getattr(one.due, field) for one in handed)


@cache
def funds():
    """The states of repair funds in the story, and one that is rich."""
    return tuple(state for noun, state in story.whole_year().stations if noun == "repair_fund" and state is not None)


@pytest.mark.clause("R13.4.2.8")
@pytest.mark.parametrize("spec", REPAIR_FUND.commands, ids=lambda spec: spec.name)
@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_command_but_one_spends_the_repair_fund_and_that_one_on_repairs(spec, data):
    """Whatever is sent to a fund: what it loses was spent on a purpose of the rules, or had been paid in by mistake."""
    state = data.draw(st.sampled_from(funds()))
    command = data.draw(some_command(spec, state))
    events, code = decided(state, command)
    if isinstance(command, f.SpendFund) and command.purpose not in PURPOSES:
        assert code == "fund_ring_fenced"
    if code is not None:
        return
    lost_fen = state.balance_fen - REPAIR_FUND.fold(state, events).balance_fen
    if lost_fen <= 0:
        return
    (event,) = events
    if isinstance(event, f.FundSpent):
        assert event.purpose in {purpose.code for purpose in RULES["R13"][1].values.fund_purposes}
    elif isinstance(event, f.BookingReversed):
        assert state.bookings[event.reverses].effect_fen == lost_fen
    else:
        assert isinstance(event, f.ContributionTakenBack)


@pytest.mark.clause("R13.4.2.8")
def test_no_other_noun_reaches_into_the_repair_fund():
    """Of all events that there are, only what a book notes of charges for repairs is passed on to a fund."""
    world, sent = story.whole_year(), []
    for position, (noun, stream, version, event) in enumerate(world.log, 1):
        cause = Cause(stream_id=stream, stream_version=version, position=position)
        for reaction in catalogue.reactions_to(type(event)):
            state = world.left(noun, stream, version) if reaction.with_state else None
            sent += [
                (noun, type(each.command))
                for each in reaction.answer(event, cause, state)
                if each.noun == "repair_fund"
            ]
    assert set(sent) == {("fee_book", f.NoteCollected)}
    happened = {type(event) for *_, event in world.log}
    assert {event for decider in catalogue.DECIDERS for event in decider.events} <= happened


@pytest.mark.clause("R13.4.2.8")
def test_the_spending_commands_of_the_book_know_no_repair_fund():
    """A heading of expenditure is none of the fund's purposes, and an agency item none of its money."""
    values = default_values()
    assert not PURPOSES & {category.code for category in values.expenditure_categories}
    items = {price.code for price in values.prices if price.kind == "repair"}
    assert not items & {price.code for price in values.prices if price.kind == "agency"}
