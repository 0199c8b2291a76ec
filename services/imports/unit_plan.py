"""Decides an import of units in memory: what is new is begun, what is known and the same is left alone."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from msgspec.structs import replace

from domain.fee_account import FEE_ACCOUNT, FeeAccountState, account_id
from domain.fee_account.commands import OpenFeeAccount, SetStandingItem
from domain.fee_account.parts import Term
from domain.kernel import Context, Event, Refusal, Text
from services.imports.fee_matching import Matches
from services.imports.fee_plan import Booking, FeePlan
from services.imports.rows import ReadRow, Sheet
from services.imports.unit_columns import UNITS, UnitRow, items_of
from services.runtime.deciding import at_turn

Fault = tuple[str, str, Text]
"""The field that is at fault, a code, and what is to be done."""
_BASES = {"area": "按面积", "fixed": "固定", "metered": "抄表"}


def plan_of_units(sheet: Sheet, matches: Matches, context: Context) -> FeePlan:
    """Decide each row for itself; no two rows are about one unit."""
    plan = FeePlan(errors=list(sheet.errors))
    seen: dict[UUID, int] = {}
    for row in sheet.rows:
        said = row.command
        assert isinstance(said, UnitRow)
        account = account_id(matches.project, said.building, said.unit)
        first = seen.setdefault(account, row.number)
        faults = list(_half_said(said))
        if first != row.number:
            text = Text(f"与第 {first} 行是同一户", f"Row {first} is of the same unit.")
            faults = [("unit", "row_repeated", text)]
        known = matches.states[account].state
        if not faults and isinstance(known, FeeAccountState):
            faults = list(_other_values(said, known))
            plan.skipped += not faults
        elif not faults:
            _begin(plan, sheet, row, said, account, matches, context)
        plan.errors += [
            sheet.error(row, UNITS, field, code=code, zh=text.zh, en=text.en, clause="R13.4.2.1")
            for field, code, text in faults
        ]
    plan.errors.sort(key=lambda error: error.row or 0)
    return plan


def _begin(  # noqa: PLR0913, PLR0917 - a row and all that it is decided on
    plan: FeePlan, sheet: Sheet, row: ReadRow, said: UnitRow, account: UUID, matches: Matches, context: Context
) -> None:
    """Begin the account and set its standing items, or say of which column that is refused."""
    here = at_turn(replace(context, stream_id=account), row.number)
    opening = OpenFeeAccount(
        project_id=matches.project,
        unit=said.unit,
        owner=said.owner,
        building=said.building,
        area_m2=said.area_m2,
    )
    place = 0
    try:
        caused: tuple[Event, ...] = FEE_ACCOUNT.decide(None, opening, here)
        state = FEE_ACCOUNT.fold(None, caused)
        for each in items_of(said):
            place = each.place
            assert each.item is not None
            assert each.basis is not None
            assert said.from_month is not None
            command = SetStandingItem(
                item=each.item, basis=each.basis, quantity=each.quantity, from_month=said.from_month
            )
            added = FEE_ACCOUNT.decide(state, command, here)
            state = FEE_ACCOUNT.fold(state, added)
            caused += added
    except Refusal as refusal:
        field = f"{refusal.field}_{place}" if refusal.field in {"item", "basis", "quantity"} else refusal.field
        text = refusal.text
        plan.errors.append(
            sheet.error(row, UNITS, field, code=refusal.code, zh=text.zh, en=text.en, clause=refusal.clause)
        )
        return
    plan.bookings[account] = Booking(opening, caused)
    plan.new += 1
    if matches.elsewhere(said):
        zh, en = "该户号已有写明楼栋的账户，请核对", "An account in a building has this unit; is the building missing?"
        plan.warnings.append(sheet.error(row, UNITS, "building", code="unit_elsewhere", zh=zh, en=en))


def _half_said(said: UnitRow) -> Iterator[Fault]:
    """What a row leaves out of its standing items, or says twice."""
    items = items_of(said)
    if items and said.from_month is None:
        text = Text("写有收费项目的，须写明起始月份", "Items are charged from a month on: fill it in.")
        yield "from_month", "from_month_missing", text
    codes: set[str] = set()
    for each in items:
        if each.item is None:
            text = Text("未写收费项目编码", "The item's code is missing.")
            yield f"item_{each.place}", "item_missing", text
            continue
        if each.basis is None:
            yield f"basis_{each.place}", "basis_missing", Text("未写计费方式", "The item's basis is missing.")
        if each.item in codes:
            yield f"item_{each.place}", "item_repeated", Text("该项目在本行出现两次", "The row has this item twice.")
        codes.add(each.item)


def _other_values(said: UnitRow, known: FeeAccountState) -> Iterator[Fault]:
    """What a row says otherwise than the account, which is to be changed by itself; what it leaves out is no matter.

    The owner of the account is not told: who reads whose it is leaves a note, which an import does not.
    """
    if said.owner != known.owner:
        yield "owner", "unit_differs", _changed_by("业主", "owner", "", "change_owner")
    area = known.areas[-1].area_m2 if known.areas else None
    if said.area_m2 is not None and said.area_m2 != area:
        yield "area_m2", "unit_differs", _changed_by("面积", "area", _number(area), "revise_area")
    for each in items_of(said):
        assert each.item is not None
        assert said.from_month is not None
        term = known.term_in(each.item, said.from_month)
        if term is None or (term.basis, term.quantity) != (each.basis, each.quantity):
            yield (
                f"item_{each.place}",
                "unit_differs",
                _changed_by(f"收费项目{each.item}", f"item {each.item}", _told(term), "set_standing_item"),
            )


def _changed_by(zh: str, en: str, is_now: str, command: str) -> Text:
    now_zh, now_en = (f"（现为{is_now}）", f" (now {is_now})") if is_now else ("", "")
    return Text(
        f"该户已建账，{zh}与登记不同{now_zh}；导入不作变更，请用 {command}",
        f"The unit has an account with another {en}{now_en}; an import changes none, use {command}.",
    )


def _told(term: Term | None) -> str:
    if term is None or term.basis is None:
        return "未设 none"
    quantity = "" if term.quantity is None else f" {_number(term.quantity)}"
    return f"{_BASES[term.basis]} {term.basis}{quantity}"


def _number(number: Decimal | None) -> str:
    return "未登记 none" if number is None else f"{number.normalize():f}"
