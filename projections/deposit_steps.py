"""How each event of a deposit changes its row, its entries and its demands."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.contract_deposit import events as d
from domain.kernel import Event
from projections.contract_rows import DemandRow, DepositRow, EntryRow, ProjectRow
from projections.contract_work import ContractWork, tag
from projections.kernel import Folded

Work = ContractWork

KINDS: Mapping[type[d.Posting], str] = {
    d.DepositReceived: "received",
    d.PenaltyImposed: "penalty",
    d.PenaltyReversed: "penalty_reversed",
    d.RewardGranted: "reward",
    d.RewardReversed: "reward_reversed",
    d.ShortfallCollected: "shortfall_collected",
    d.TopUpReceived: "top_up",
    d.ExcessRefunded: "refund",
    d.DepositForfeited: "forfeiture",
    d.ForfeitureReversed: "forfeiture_reversed",
    d.DepositReleased: "release",
}


def pairs(values: Mapping[str, object]) -> str:
    """Names and values as one text, ``id=value id=value``; neither holds a blank."""
    return " ".join(f"{name}={value}" for name, value in values.items())


def _opened(work: Work, folded: Folded, event: d.DepositOpened) -> None:
    work.deposits.put(
        DepositRow(
            deposit_id=folded.stream_id,
            opened_position=folded.position,
            project_id=event.project_id,
            contractor=event.contractor,
            status="awaiting",
            contract_from=event.contract_from,
            contract_to=event.contract_to,
            agreed_fen=event.agreed_fen,
        )
    )


def _posted(work: Work, folded: Folded, event: d.Posting) -> None:
    """Count the entry in, then write it with the totals after it."""
    deposit = work.deposits.change(folded.stream_id)
    deposit.entries += 1
    deposit.balance_fen += event.effect_fen
    deposit.uncollected_fen += event.uncollected_fen
    deposit.paid_out_fen += event.payout_fen
    _total(deposit, event)
    if isinstance(event, d.TopUpReceived):
        for part in event.allocation:
            demand = work.demands.change(folded.stream_id, part.demand_id)
            demand.received_fen += part.amount_fen
            _less(deposit, demand, part.amount_fen, "met")
    topic, version, position = _contract_event(event, work.projects.find(deposit.project_id))
    work.entries.put(
        EntryRow(
            deposit_id=folded.stream_id,
            number=deposit.entries,
            entry_id=event.entry_id,
            kind=KINDS[type(event)],
            topic=tag(event),
            version=folded.version,
            position=folded.position,
            booked_at=folded.recorded_at,
            effect_fen=event.effect_fen,
            balance_after_fen=event.balance_after_fen,
            payout_fen=event.payout_fen,
            uncollected_fen=event.uncollected_fen,
            penalties_total_fen=deposit.penalties_fen,
            rewards_total_fen=deposit.rewards_fen,
            uncollected_total_fen=deposit.uncollected_fen,
            paid_out_total_fen=deposit.paid_out_fen,
            clause=event.clause,
            rule_version=event.rule_version,
            readings=pairs(event.readings),
            base_fen=event.base_fen,
            percent=event.percent,
            month=event.month,
            assessment_id=event.assessment_id,
            revision=event.revision,
            reverses=event.reverses,
            collects=event.collects,
            reference=event.reference,
            allocation=_allocation(event),
            contract_topic=topic,
            contract_version=version,
            contract_position=position,
        )
    )


def _total(deposit: DepositRow, event: d.Posting) -> None:
    """What an entry adds to the totals of its kind.

    ``effect + payout - uncollected`` is what it gives the contractor, whether or not the balance could bear it, and
    takes the same back when it is reversed.
    """
    given_fen = event.effect_fen + event.payout_fen - event.uncollected_fen
    match event:
        case d.DepositReceived():
            deposit.received_fen += event.effect_fen
            deposit.status = _running(deposit)
        case d.TopUpReceived():
            deposit.topped_up_fen += event.effect_fen
        case d.PenaltyImposed() | d.PenaltyReversed():
            deposit.penalties_fen -= given_fen
        case d.RewardGranted() | d.RewardReversed():
            deposit.rewards_fen += given_fen
        case d.ExcessRefunded():
            deposit.refunded_fen += event.payout_fen
        case d.DepositForfeited():
            deposit.forfeited_fen -= event.effect_fen
            deposit.status = "forfeited"
        case d.ForfeitureReversed():
            deposit.forfeited_fen -= event.effect_fen
        case d.DepositReleased():
            deposit.status = "released"


def _running(deposit: DepositRow) -> str:
    return "held" if deposit.received_fen >= deposit.agreed_fen else "awaiting"


def _contract_event(event: d.Posting, project: ProjectRow | None) -> tuple[str | None, int | None, int | None]:
    """The event of the project that an entry at the end of a contract rests on."""
    assert project is not None
    match event:
        case d.DepositForfeited():
            return "property_project.contract_terminated", project.termination_version, project.termination_position
        case d.ForfeitureReversed():
            return "property_project.contract_reinstated", project.reinstatement_version, project.reinstatement_position
        case d.DepositReleased():
            return "property_project.contract_ended", project.end_version, project.end_position
        case _:
            return None, None, None


def _allocation(event: d.Posting) -> str:
    if not isinstance(event, d.TopUpReceived):
        return ""
    return pairs({part.demand_id: part.amount_fen for part in event.allocation})


def _demanded(work: Work, folded: Folded, event: d.TopUpDemanded) -> None:
    work.deposits.change(folded.stream_id).demanded_fen += event.amount_fen
    work.demands.put(
        DemandRow(
            deposit_id=folded.stream_id,
            demand_id=event.demand_id,
            month=event.month,
            state="open",
            demanded_fen=event.amount_fen,
            received_fen=0,
            reduced_fen=0,
            due_on=event.due_on,
            due_at=event.due_at,
            clause=event.clause,
            rule_version=event.rule_version,
            readings=pairs(event.readings),
            version=folded.version,
            position=folded.position,
        )
    )


def _reduced(work: Work, folded: Folded, event: d.TopUpReduced | d.TopUpWithdrawn) -> None:
    demand = work.demands.change(folded.stream_id, event.demand_id)
    demand.reduced_fen += event.by_fen
    _less(work.deposits.change(folded.stream_id), demand, event.by_fen, "withdrawn")


def _less(deposit: DepositRow, demand: DemandRow, by_fen: int, settled_as: str) -> None:
    deposit.demanded_fen -= by_fen
    if demand.remaining_fen == 0:
        demand.state = settled_as


def _overdue(work: Work, folded: Folded, event: d.TopUpOverdue) -> None:
    work.demands.change(folded.stream_id, event.demand_id).state = "overdue"


def _restored(work: Work, folded: Folded, _: d.DepositRestored) -> None:
    deposit = work.deposits.change(folded.stream_id)
    deposit.status = _running(deposit)


def _permitted(work: Work, folded: Folded, _: d.ReleasePermitted) -> None:
    work.deposits.change(folded.stream_id).status = "releasable"


DEPOSIT_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    d.DepositOpened: _opened,
    **dict.fromkeys(KINDS, _posted),
    d.TopUpDemanded: _demanded,
    d.TopUpReduced: _reduced,
    d.TopUpWithdrawn: _reduced,
    d.TopUpOverdue: _overdue,
    d.DepositRestored: _restored,
    d.ReleasePermitted: _permitted,
}
