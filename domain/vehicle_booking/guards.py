"""The refusals that several of a booking's commands share."""

from collections.abc import Iterable
from uuid import UUID

from domain.kernel import Context, Refusal
from domain.rules.r3 import R3Rules, version
from domain.vehicle_booking.state import BookingState

STATUS_NAMES = {
    "requested": ("待分管领导签字", "awaiting the unit's leader"),
    "awaiting_head": ("待中心负责人审批", "awaiting the centre's head"),
    "accepted": ("待派车", "waiting for a car"),
    "dispatched": ("已派车", "dispatched"),
    "out": ("已出车", "under way"),
    "returned": ("待经办人签认", "awaiting the handler's signature"),
    "signed": ("已签认", "signed"),
    "settled": ("已结算", "settled"),
    "refused": ("已答复不派车", "refused"),
    "cancelled": ("已取消", "cancelled"),
    "no_show": ("未乘车", "a no-show"),
}


def rules_of(state: BookingState, context: Context) -> R3Rules:
    """The rule values the booking began under."""
    return version(context, state.rule_version).values


def must_be(state: BookingState, *statuses: str, clause: str = "R3.2.1") -> None:
    """The booking is in one of these statuses."""
    if state.status not in statuses:
        zh, en = STATUS_NAMES[state.status]
        raise Refusal(
            "wrong_status",
            zh=f"该用车申请{zh}，不能这样办理",
            en=f"The booking is {en}; this can not be done now.",
            clause=clause,
            details={"status": state.status, "needed": sorted(statuses)},
        )


def person_of(context: Context) -> UUID:
    """Who acts, by id."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def bad(field: str, code: str, zh: str, en: str, clause: str = "R3.2.1") -> Refusal:
    """The refusal of a value that does not fit."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field)


def unknown(field: str, code: str, words: tuple[str, str], clause: str, known: Iterable[str]) -> Refusal:
    """The refusal of a value that the rules do not know, with those that they do."""
    zh, en = words
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field, details={"known": list(known)})
