"""An account under anything that can happen to it, in any order: it adds up, to the fen, and pays what is due first."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.fee_account import FEE_ACCOUNT
from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.kernel import Refusal
from domain.rule_book.messages import AdoptPack
from tests.domain.story_fee_periods import publish
from tests.domain.story_fees import ACCOUNT, charged, opened, period, standing
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK
from tests.domain.world import BOOKS, World

MONEY = st.integers(1, 60_000)
DAYS = st.integers(0, 40)


class FeeMachine(RuleBasedStateMachine):
    """Charges, services, payments, reversals, period closings and reminders, under rules that are drawn."""

    @initialize(
        late_fee=st.sampled_from(["0", "0.5", "3"]),
        rounding=st.sampled_from(["half_up", "down"]),
        notice=st.sampled_from(["charge_then_reminder", "reminder_to_unpaid"]),
    )
    def begin(self, late_fee, rounding, notice):
        """An account with two standing items."""
        self.world = World(datetime(2026, 4, 1, 1, tzinfo=UTC))
        self.notice = notice
        self.closed = 0
        self.world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
        changes = {"late_fee_percent": late_fee, "late_fee_rounding": rounding, "notice": notice, "payment_days": 10}
        publish(self.world, 2, date(2026, 4, 2), **changes)
        self.world.advance(datetime(2026, 4, 2, 1, tzinfo=UTC))
        self.world.send("fee_account", ACCOUNT, opened())
        self.send(standing("2026-01"))
        self.send(standing("2026-01", "common_repair", "fixed", "1"))

    @property
    def account(self):
        """The account."""
        return self.world.state("fee_account", ACCOUNT)

    def send(self, command, person=CLERK):
        """Send a command; what it caused, nothing where it was refused."""
        try:
            return self.world.send("fee_account", ACCOUNT, command, person=person)
        except Refusal:
            return ()

    @rule(amount_fen=MONEY)
    def pay(self, amount_fen):
        """A payment is always taken."""
        (event,) = self.send(c.ReceiveFee(amount_fen=amount_fen, reference="转账"))
        assert sum(one.amount_fen for one in event.settles) <= amount_fen

    @rule(month=st.integers(1, 3), quantity=st.integers(1, 40))
    def charge(self, month, quantity):
        """A single charge of a month that is over."""
        self.send(charged(f"2026-0{month}", "water", str(quantity)))

    @rule(quantity=st.integers(1, 5))
    def serve(self, quantity):
        """A service, as often as it is done."""
        done_on = self.world.context(None).today
        self.send(c.ChargeService(item="home_repair", quantity=Decimal(quantity), done_on=done_on, reference="工单"))

    @rule()
    def close(self):
        """The next period is closed, and once more, which is refused."""
        self.closed += 1
        first = f"{2026 + (self.closed - 1) // 12}-{(self.closed - 1) % 12 + 1:02}"
        due_on = self.world.context(None).today + timedelta(days=10)
        command = period(first, first, due_on, serial=self.closed, notice=self.notice, rule_version=2)
        (event,) = self.world.send("fee_account", ACCOUNT, command, "system")
        assert (event.form is not None) == (event.serial is not None)
        with pytest.raises(Refusal) as caught:
            self.world.send("fee_account", ACCOUNT, command, "system")
        assert caught.value.code == "charged_already"

    @precondition(lambda self: self.account.entries)
    @rule(data=st.data())
    def reverse(self, data):
        """Any entry is taken back by another person, at most once."""
        number = data.draw(st.sampled_from(sorted(self.account.entries)))
        self.send(c.ReverseFeeEntry(number=number, reason="误记"), ACCOUNTANT)

    @rule(days=DAYS)
    def wait(self, days):
        """Time passes, and reminders with it."""
        self.world.advance(self.world.now + timedelta(days=days))

    @invariant()
    def adds_up(self):
        """The balance is the sum of what stands, and of what is unpaid without the credit."""
        if not hasattr(self, "world") or ("fee_account", ACCOUNT) not in self.world.states:
            return
        account = self.account
        assert account.balance_fen == sum(one.effect_fen for one in account.entries.values() if not one.reversed)
        assert account.balance_fen == sum(account.unpaid().values()) - account.credit_fen
        assert account.credit_fen >= 0
        assert not (account.credit_fen and account.unpaid())

    @invariant()
    def pays_no_more_than_is_charged(self):
        """Nothing is paid of what was taken back, nor more than a charge, nor less than nothing."""
        if not hasattr(self, "world") or ("fee_account", ACCOUNT) not in self.world.states:
            return
        for entry in self.account.entries.values():
            assert 0 <= entry.paid_fen <= (entry.effect_fen if entry.stands else 0)

    @invariant()
    def pays_what_is_due_first(self):
        """While anything of a charge is unpaid, nothing is paid of one that is due later."""
        if not hasattr(self, "world") or ("fee_account", ACCOUNT) not in self.world.states:
            return
        standing_charges = [
            (entry.due_on, number, entry) for number, entry in self.account.entries.items() if entry.stands
        ]
        unpaid_before = False
        for _, _, entry in sorted(standing_charges, key=lambda each: each[:2]):
            assert not (unpaid_before and entry.paid_fen)
            unpaid_before = unpaid_before or entry.paid_fen < entry.effect_fen

    @invariant()
    def reminds_only_of_what_is_unpaid(self):
        """A reminder waits where something of its notice is unpaid, and nowhere else."""
        if not hasattr(self, "world") or ("fee_account", ACCOUNT) not in self.world.states:
            return
        account, unpaid = self.account, self.account.unpaid()
        for deadline in FEE_ACCOUNT.deadlines(account):
            assert set(account.bills[deadline.command.charge].charges) & set(unpaid)

    def teardown(self):
        """What the events settle adds up to what the entries hold; each reminder asked for something."""
        if ("fee_account", ACCOUNT) not in self.world.states:
            return
        paid, reminders = {}, 0
        for noun, *_, event in self.world.log:
            for one in getattr(event, "settles", ()) if noun == "fee_account" else ():
                paid[one.charge] = paid.get(one.charge, 0) + one.amount_fen
            if isinstance(event, e.FeeReminded):
                reminders += 1
                assert event.unpaid_fen == sum(one.unpaid_fen for one in event.charges) > 0
        assert {number: fen for number, fen in paid.items() if fen} == {
            number: entry.paid_fen for number, entry in self.account.entries.items() if entry.paid_fen
        }


TestFeeMachine = FeeMachine.TestCase
TestFeeMachine.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
