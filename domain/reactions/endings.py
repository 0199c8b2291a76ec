"""A contract comes to its end, by termination or in its time, and the deposit with it (R14.5.1)."""

from domain.contract_deposit.commands import ForfeitDeposit, PermitRelease, RestoreForfeited
from domain.kernel import Cause, Command, Dispatch, Reaction, derived_id
from domain.property_project.events import ContractEnded, ContractReinstated, ContractTerminated


def forfeit_deposit(event: ContractTerminated, cause: Cause) -> tuple[Dispatch, ...]:
    """What remains of a terminated contract's deposit is forfeited."""
    return _to_deposit(cause, ForfeitDeposit(rule_version=event.rule_version))


def restore_forfeited(event: ContractReinstated, cause: Cause) -> tuple[Dispatch, ...]:
    """A termination taken back brings the deposit back."""
    return _to_deposit(cause, RestoreForfeited(rule_version=event.rule_version))


def permit_release(_: ContractEnded, cause: Cause) -> tuple[Dispatch, ...]:
    """At the end of the contract the deposit may go back."""
    return _to_deposit(cause, PermitRelease())


def _to_deposit(cause: Cause, command: Command) -> tuple[Dispatch, ...]:
    return (Dispatch("contract_deposit", derived_id(cause.stream_id, "deposit"), command),)


REACTIONS = (
    Reaction(name="forfeit_deposit", events=(ContractTerminated,), react=forfeit_deposit),
    Reaction(name="restore_forfeited", events=(ContractReinstated,), react=restore_forfeited),
    Reaction(name="permit_release", events=(ContractEnded,), react=permit_release),
)
