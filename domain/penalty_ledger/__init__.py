"""The penalty ledger (处罚台账) of a person or a unit: fines, sanctions and effects that say what they rest on."""

from domain.kernel import CommandSpec, Decider, Text
from domain.penalty_ledger import commands as c
from domain.penalty_ledger import events, handlers
from domain.penalty_ledger.state import (
    DoubleDraw,
    LedgerTotals,
    PenaltyEntry,
    PenaltyLedgerState,
    double_draws,
    evolve,
    totals,
)

__all__ = [
    "PENALTY_LEDGER",
    "DoubleDraw",
    "LedgerTotals",
    "PenaltyEntry",
    "PenaltyLedgerState",
    "double_draws",
    "totals",
]

PENALTY_LEDGER = Decider(
    noun="penalty_ledger",
    plural="penalty-ledgers",
    title=Text(zh="处罚台账", en="penalty ledger"),
    state=PenaltyLedgerState,
    statuses=("clear", "owing"),
    commands=(
        CommandSpec(
            command=c.IssueEntry,
            handler=handlers.issue,
            permission="penalty_ledger.issue_entry",
            summary=Text(zh="记入台账", en="Enter a fine, a sanction or an effect"),
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=c.ReverseEntry,
            handler=handlers.reverse,
            permission="penalty_ledger.reverse_entry",
            summary=Text(zh="冲回条目", en="Take an entry back"),
            audience="internal",
        ),
        CommandSpec(
            command=c.ContestEntry,
            handler=handlers.contest,
            permission="penalty_ledger.contest_entry",
            summary=Text(zh="对条目申诉", en="Object to an entry"),
        ),
        CommandSpec(
            command=c.DecideContest,
            handler=handlers.decide_contest,
            permission="penalty_ledger.decide_contest",
            summary=Text(zh="裁定申诉", en="Decide an objection"),
        ),
        CommandSpec(
            command=c.WaiveEntry,
            handler=handlers.waive,
            permission="penalty_ledger.waive_entry",
            summary=Text(zh="免除条目", en="Forgive an entry"),
        ),
        CommandSpec(
            command=c.SettleEntry,
            handler=handlers.settle,
            permission="penalty_ledger.settle_entry",
            summary=Text(zh="结清条目", en="Book the settlement of an entry"),
        ),
    ),
    events=(
        events.LedgerOpened,
        events.EntryIssued,
        events.EntryDisplaced,
        events.EntryReinstated,
        events.EntryReversed,
        events.EntryContested,
        events.ContestDecided,
        events.EntryWaived,
        events.EntrySettled,
    ),
    evolve=evolve,
)
