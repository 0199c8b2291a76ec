"""What a month's result does to the deposit: penalty, reward, and their reversal (R14.5.1, R14.5.2)."""

from typing import Literal

from msgspec.structs import replace

from domain.contract_deposit.commands import Band, SettleMonth
from domain.contract_deposit.demands import demand_for, demands_brought_down
from domain.contract_deposit.events import (
    DepositForfeited,
    MonthSettled,
    PenaltyImposed,
    PenaltyReversed,
    RewardGranted,
    RewardReversed,
)
from domain.contract_deposit.evolve import book, evolve
from domain.contract_deposit.state import ContractDepositState, Entry
from domain.kernel import Context, Event
from domain.money import percent_of
from domain.rules import r14
from domain.rules.r14 import R14Rules

State = ContractDepositState


_CLAUSES: dict[Band, str] = {
    "excellent": "R14.5.2",
    "qualified": "R14.2.1",
    "marginal": "R14.2.1",
    "failed": "R14.5.1",
}
"""What decides a month's consequence for the deposit, or that there is none."""


def settle(state: State, command: SettleMonth, context: Context) -> tuple[Event, ...]:
    """Bring the account into line with a month's result; an older or equal revision changes nothing.

    What stands and still holds is left alone; what no longer holds is reversed entry by entry.
    """
    settled = state.months.get(command.month)
    if settled is not None and command.revision <= settled.revision:
        return ()
    rules = r14.version(context, command.rule_version).values
    standing = () if settled is None else tuple(state.entry(entry_id) for entry_id in settled.standing)
    wanted = _wanted(command)
    events: list[Event] = [
        MonthSettled(
            month=command.month,
            assessment_id=command.assessment_id,
            revision=command.revision,
            band=command.band,
            source_version=command.source_version,
            rule_version=command.rule_version,
            clause=_CLAUSES[command.band],
        )
    ]
    after = evolve(state, events[0])
    if (standing[0].kind if standing else None) != wanted:
        for entry in standing:
            after = book(after, events, *_reversal(after, entry, command))
        if wanted == "penalty":
            after = book(after, events, _penalty(after, command, rules))
            after = book(after, events, *demand_for(after, after.entries[-1], rules, context))
        elif wanted == "reward":
            after = book(after, events, _reward(after, command, rules))
    book(after, events, *demands_brought_down(after))
    return tuple(events)


def _wanted(command: SettleMonth) -> Literal["penalty", "reward"] | None:
    if command.band == "failed":
        return "penalty"
    return "reward" if command.band == "excellent" else None


def _base_fen(state: State, rules: R14Rules) -> int:
    """What a percentage is of; a forfeited balance counts, for a restoration would bring it back."""
    return state.agreed_fen if rules.penalty_base == "original" else state.balance_fen + state.forfeited_fen


def _penalty(state: State, command: SettleMonth, rules: R14Rules) -> PenaltyImposed:
    base_fen = _base_fen(state, rules)
    amount_fen = percent_of(base_fen, rules.penalty_percent)
    taken_fen = min(amount_fen, state.balance_fen)
    return PenaltyImposed(
        entry_id=f"{command.month}.r{command.revision}.penalty",
        effect_fen=-taken_fen,
        balance_after_fen=state.balance_fen - taken_fen,
        uncollected_fen=amount_fen - taken_fen,
        clause="R14.5.1",
        rule_version=command.rule_version,
        readings={"R14.5.1.base": rules.penalty_base},
        base_fen=base_fen,
        percent=rules.penalty_percent,
        month=command.month,
        assessment_id=command.assessment_id,
        revision=command.revision,
        source_version=command.source_version,
    )


def _reward(state: State, command: SettleMonth, rules: R14Rules) -> RewardGranted:
    """A reward is credited only to an account that runs; a closed one has it paid out."""
    base_fen = _base_fen(state, rules)
    amount_fen = percent_of(base_fen, rules.reward_percent)
    credited = rules.reward_kind == "credited" and state.status not in {"forfeited", "released"}
    return RewardGranted(
        entry_id=f"{command.month}.r{command.revision}.reward",
        effect_fen=amount_fen if credited else 0,
        balance_after_fen=state.balance_fen + (amount_fen if credited else 0),
        payout_fen=0 if credited else amount_fen,
        clause="R14.5.2",
        rule_version=command.rule_version,
        readings={"R14.5.1.base": rules.penalty_base, "R14.5.2.kind": rules.reward_kind},
        base_fen=base_fen,
        percent=rules.reward_percent,
        month=command.month,
        assessment_id=command.assessment_id,
        revision=command.revision,
        source_version=command.source_version,
    )


def _reversal(state: State, entry: Entry, command: SettleMonth) -> tuple[Event, ...]:
    """Undo an entry as far as the account allows.

    A reward that is no longer in the balance stays owed. While forfeited, a penalty given back joins what is
    forfeited; once released, it is paid to the contractor.
    """
    rewarded = entry.kind == "reward"
    effect_fen, payout_fen, uncollected_fen = -entry.effect_fen, -entry.payout_fen, -entry.uncollected_fen
    if state.status == "released":
        effect_fen, payout_fen = 0, payout_fen + effect_fen
    elif effect_fen < -state.balance_fen:
        effect_fen, uncollected_fen = -state.balance_fen, uncollected_fen - effect_fen - state.balance_fen
    reversal = (RewardReversed if rewarded else PenaltyReversed)(
        entry_id=f"{entry.entry_id}.reversed",
        effect_fen=effect_fen,
        balance_after_fen=state.balance_fen + effect_fen,
        payout_fen=payout_fen,
        uncollected_fen=uncollected_fen,
        clause=entry.clause,
        rule_version=entry.rule_version,
        readings=entry.readings,
        base_fen=entry.base_fen,
        percent=entry.percent,
        month=command.month,
        assessment_id=command.assessment_id,
        revision=command.revision,
        source_version=command.source_version,
        reverses=entry.entry_id,
    )
    if state.status != "forfeited" or effect_fen <= 0:
        return (reversal,)
    return (reversal, forfeiture(replace(state, balance_fen=effect_fen), entry.rule_version, after=reversal.entry_id))


def forfeiture(state: State, rule_version: int | None, after: str) -> DepositForfeited:
    """The entry that empties the account; ``after`` makes its id, as more than one may be needed."""
    return DepositForfeited(
        entry_id=f"{after}.forfeited",
        effect_fen=-state.balance_fen,
        balance_after_fen=0,
        clause="R14.5.1",
        rule_version=rule_version,
    )
