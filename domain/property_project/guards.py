"""The refusals that several of a project's commands share."""

from domain.kernel import Context, Refusal
from domain.property_project.state import ProjectMonth, PropertyProjectState


def must_be_active(state: PropertyProjectState) -> None:
    """The contract runs."""
    if state.status == "terminated":
        raise Refusal("contract_terminated", zh="合同已终止", en="The contract was terminated.", clause="R14.5.1")
    if state.status == "ended":
        raise Refusal("contract_ended", zh="合同已终结", en="The contract has ended.")


def must_be_a_person(context: Context) -> None:
    """A member acts in person: neither the system nor a key decides this."""
    if context.actor.kind != "member":
        raise Refusal(
            "person_required",
            zh="此决定只能由成员本人作出",
            en="Only a member in person decides this.",
            clause="R14.5.1",
            kind="forbidden",
        )


def opened_month(state: PropertyProjectState, month: str) -> ProjectMonth:
    """The month, which was opened."""
    found = state.months.get(month)
    if found is None:
        raise Refusal("month_not_opened", zh=f"{month}尚未开启考核", en=f"{month} was never opened.", clause="R14.3")
    return found
