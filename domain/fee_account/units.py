"""The unit that an account is of: where it is, how large, whose, and what it is charged regularly (R13.4.2.1)."""

from datetime import date
from uuid import UUID

from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.evolve import FIRST_MONTH
from domain.fee_account.guards import must_be_a_quantity, must_be_an_area, priced, value
from domain.fee_account.state import FeeAccountState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import first_day
from domain.rules.r13 import in_force

MAX_ITEMS = 50
MAX_TERMS = 200
"""Owners, areas and terms of an item that one account keeps."""


def account_id(project: UUID, building: str, unit: str) -> UUID:
    """The account of a unit; a unit is known by its building and its number in it, and has one account."""
    return derived_id(project, "fee_account", f"{len(building)}:{building}:{unit}")


def open_account(_: None, command: c.OpenFeeAccount, __: Context) -> tuple[Event, ...]:
    """Begin the account of a unit."""
    if command.area_m2 is not None:
        must_be_an_area(command.area_m2)
    return (
        e.FeeAccountOpened(
            project_id=command.project_id,
            unit=command.unit,
            owner=command.owner,
            building=command.building,
            area_m2=command.area_m2,
        ),
    )


def change_owner(state: FeeAccountState, command: c.ChangeOwner, context: Context) -> tuple[Event, ...]:
    """Another owner, not from a day to come, nor before the owner who came last."""
    if command.owner == state.owner:
        return ()
    since, latest = command.since or context.today, state.owners[-1].since
    if since > context.today or (latest is not None and since < date.fromisoformat(latest)):
        raise value(
            "since_out_of_order",
            "变更日期不得晚于今天，也不得早于上次变更",
            "The day is none to come and not before the last change.",
            "since",
        )
    _must_have_room(len(state.owners))
    return (e.OwnerChanged(owner=command.owner, previous=state.owner, since=since),)


def revise_area(state: FeeAccountState, command: c.ReviseArea, _: Context) -> tuple[Event, ...]:
    """Another area from a month on, for which nothing was charged by area yet."""
    must_be_an_area(command.area_m2)
    if state.area_in(command.from_month) == command.area_m2 and state.areas[-1].from_month <= command.from_month:
        return ()
    for item, terms in state.standing.items():
        if any(term.basis == "area" for term in terms):
            _must_be_uncharged_from(state, item, command.from_month)
    _must_have_room(len(state.areas))
    return (
        e.AreaRevised(
            area_m2=command.area_m2,
            previous_m2=state.area_in(command.from_month),
            from_month=command.from_month if state.areas else FIRST_MONTH,
            reason=command.reason,
        ),
    )


def set_item(state: FeeAccountState, command: c.SetStandingItem, context: Context) -> tuple[Event, ...]:
    """Charge an item of the list regularly from a month on, for which it was not charged yet."""
    found = in_force(context, max(context.today, first_day(command.from_month)))
    priced(found.values.prices, command.item)
    if (command.quantity is not None) != (command.basis == "fixed"):
        raise value(
            "quantity_by_basis",
            "固定数量的收费须写明数量，其他方式不得写",
            "A fixed charge names its quantity, any other does not.",
            "quantity",
        )
    if command.quantity is not None:
        must_be_a_quantity(command.quantity)
    if command.basis == "area" and state.area_in(command.from_month) is None:
        raise value("area_unknown", "尚未登记面积", "The unit's area is not known.", "basis")
    _must_be_uncharged_from(state, command.item, command.from_month)
    term, terms = state.term_in(command.item, command.from_month), state.standing.get(command.item, ())
    if term is not None and terms[-1] == term and (term.basis, term.quantity) == (command.basis, command.quantity):
        return ()
    if command.item not in state.standing and len(state.standing) >= MAX_ITEMS:
        raise Refusal("too_many", zh=f"最多{MAX_ITEMS}项常规收费", en=f"At most {MAX_ITEMS} standing items.")
    _must_have_room(len(terms))
    return (
        e.StandingItemSet(
            item=command.item,
            basis=command.basis,
            quantity=command.quantity,
            from_month=command.from_month,
            rule_version=found.version,
        ),
    )


def end_item(state: FeeAccountState, command: c.EndStandingItem, _: Context) -> tuple[Event, ...]:
    """Charge an item no longer, from a month on for which it was not charged yet."""
    if state.term_in(command.item, command.from_month) is None:
        raise value("not_charged_regularly", "该项目不是常规收费", "The item is not charged regularly.", "item")
    _must_be_uncharged_from(state, command.item, command.from_month)
    _must_have_room(len(state.standing[command.item]))
    return (e.StandingItemEnded(item=command.item, from_month=command.from_month, reason=command.reason),)


def _must_be_uncharged_from(state: FeeAccountState, item: str, from_month: str) -> None:
    """What was charged stands until it is taken back; no term reaches behind it."""
    for number, entry in state.entries.items():
        if entry.covers(item, from_month, "9999-12"):
            raise Refusal(
                "month_charged",
                zh="该月已计费，须先冲销",
                en="The month was charged; the charge is to be taken back first.",
                clause="R13.4.2.1",
                kind="value",
                field="from_month",
                details={"charge": number},
            )


def _must_have_room(count: int) -> None:
    if count >= MAX_TERMS:
        raise Refusal("too_many", zh=f"最多变更{MAX_TERMS}次", en=f"At most {MAX_TERMS} changes are kept.")
