"""Who bears which part of a fine: the responsible person, and those jointly liable by their role (R11.2.2)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Refusal
from domain.money import MAX_AMOUNT_FEN
from domain.rules.role_names import RoleName


class Liable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person jointly liable in a role (连带责任人)."""

    role: RoleName
    person: UUID


Joint = Annotated[tuple[Liable, ...], msgspec.Meta(max_length=5)]


class FineShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one person bears of a fine; ``role`` is that of joint liability, none for the responsible person."""

    person: UUID
    role: str | None
    amount_fen: int


def shares_of(
    principal: UUID, fine_fen: int, joint: Iterable[Liable], joint_fen: int, reading: Literal["each", "shared"]
) -> tuple[FineShare, ...]:
    """The responsible person's share first, then each jointly liable person's.

    Read as ``each``, every one of them bears ``joint_fen``; ``shared``, they divide it to the fen, the odd ones
    falling to those named first. The amounts are never negative and never above what money may be.
    """
    named = tuple(joint)
    amounts = [joint_fen] * len(named)
    if reading == "shared" and named:
        part, odd = divmod(joint_fen, len(named))
        amounts = [part + (place < odd) for place in range(len(named))]
    if not all(0 <= amount <= MAX_AMOUNT_FEN for amount in (fine_fen, *amounts)):
        raise ValueError(f"no fine is of such an amount: {fine_fen} fen, {joint_fen} fen")
    return (
        FineShare(person=principal, role=None, amount_fen=fine_fen),
        *(
            FineShare(person=one.person, role=one.role, amount_fen=amount)
            for one, amount in zip(named, amounts, strict=True)
        ),
    )


def in_their_roles(joint: Iterable[Liable], roles: tuple[str, ...], principal: UUID, clause: str) -> tuple[Liable, ...]:
    """The jointly liable in the order of the rules' roles; refused where one is missing, foreign or named twice."""
    listed = tuple(joint)
    by_role: Mapping[str, Liable] = {one.role: one for one in listed}
    if set(by_role) != set(roles) or len(listed) != len(roles):
        raise Refusal(
            "joint_roles_differ",
            zh="连带责任人须与制度所列角色一一对应",
            en="Name one person for each jointly liable role of the rules, and no other.",
            clause=clause,
            kind="value",
            field="joint",
            details={"roles": list(roles)},
        )
    people = [principal, *(one.person for one in listed)]
    if len(set(people)) != len(people):
        raise Refusal(
            "one_person_twice",
            zh="同一人不能承担两份责任",
            en="Nobody is liable twice for one matter.",
            clause=clause,
            kind="value",
            field="joint",
        )
    return tuple(by_role[role] for role in roles)
