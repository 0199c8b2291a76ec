"""A fine reaches the ledger of each person who bears a share of it (R11.1.10, R11.1.13, R11.3)."""

from uuid import UUID

from domain.fine.messages import FineImposed, FineRevoked
from domain.fine_shares import FineShare
from domain.kernel import Cause, Command, Dispatch, Reaction, derived_id
from domain.penalty_ledger.commands import CauseRef, IssueEntry, Overlap, ReverseEntry
from domain.periods import month_of


def ledger_id(subject_kind: str, subject: str) -> UUID:
    """The stream of a subject's ledger."""
    return derived_id("penalty_ledger", subject_kind, subject)


def issue_fine(event: FineImposed, cause: Cause) -> tuple[Dispatch, ...]:
    """Each share of an imposed fine is an entry."""
    return tuple(
        to_person(
            share,
            issue_share(
                share,
                cause,
                key="fine",
                clause=event.clause,
                rule_version=event.rule_version,
                reading=event.readings["R11.2.2.joint"],
                overlap=event.overlap,
                act=event.act,
                period=month_of(event.happened_on),
            ),
        )
        for share in event.shares
    )


def reverse_fine(event: FineRevoked, cause: Cause) -> tuple[Dispatch, ...]:
    """A revoked fine is taken back from each who bore a share."""
    return tuple(
        to_person(
            share,
            ReverseEntry(entry_key=entry_key(share, cause, "fine"), reason=event.reason, causes=(_ref(cause),)),
        )
        for share in event.shares
    )


def entry_key(share: FineShare, cause: Cause, key: str) -> str:
    """The key of a share's entry: unique for the deciding stream, the fine within it, and the role."""
    return f"{cause.stream_id}:{key}:{share.role or 'responsible'}"


def issue_share(  # noqa: PLR0913 - what an entry says
    share: FineShare,
    cause: Cause,
    *,
    key: str,
    clause: str,
    rule_version: int,
    reading: str,
    overlap: Overlap,
    act: str,
    period: str,
) -> IssueEntry:
    """The entry of one share; a joint one names the responsible person's entry."""
    return IssueEntry(
        subject_kind="person",
        subject=str(share.person),
        entry_key=entry_key(share, cause, key),
        kind="fine",
        amount_fen=share.amount_fen,
        period=period,
        clause=clause,
        rule_version=rule_version,
        reading=None if share.role is None else f"R11.2.2.joint={reading}",
        overlap=overlap,
        causes=(_ref(cause),),
        act=act,
        joint_role=share.role,
        principal_key=None if share.role is None else f"{cause.stream_id}:{key}:responsible",
    )


def to_person(share: FineShare, command: Command) -> Dispatch:
    """To the ledger of the person who bears the share."""
    return Dispatch("penalty_ledger", ledger_id("person", str(share.person)), command)


def _ref(cause: Cause) -> CauseRef:
    return CauseRef(cause.stream_id, cause.stream_version)


REACTIONS = (
    Reaction(name="issue_fine", events=(FineImposed,), react=issue_fine),
    Reaction(name="reverse_fine", events=(FineRevoked,), react=reverse_fine),
)
