"""What every decision on a fee book asks first."""

from uuid import UUID

from domain.fee_book.state import FeeBookState
from domain.kernel import Context, Refusal
from domain.rules.r13 import R13Rules, in_force
from domain.rules.versions import InForce

MAX_SPENDINGS = 20_000


def person_of(context: Context) -> UUID:
    """Who acts, known by name."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def rules_if_any(context: Context) -> InForce[R13Rules] | None:
    """The rules of today, or none: what happened is noted also where a tenant has not adopted any yet."""
    try:
        return in_force(context, context.today)
    except Refusal:
        return None


def another_than(person: UUID, barred: UUID, code: str, zh: str, en: str) -> None:
    """Refuse whoever would confirm his own doing."""
    if person == barred:
        raise Refusal(code, zh=zh, en=en, clause="R13.4.2.7", kind="forbidden")


def value(code: str, zh: str, en: str, field: str, clause: str, **details: object) -> Refusal:
    """The refusal of a command's value."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field, details=details)


def next_spending(state: FeeBookState) -> int:
    """The number of the next entry by which money goes out."""
    if len(state.spendings) >= MAX_SPENDINGS:
        raise Refusal("too_many", zh=f"最多{MAX_SPENDINGS}笔", en=f"At most {MAX_SPENDINGS} entries.")
    return state.last_entry + 1
