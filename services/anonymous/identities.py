"""Seals who a reporter is under the installation's key, and opens the seal for a custodian with no part in the case."""

from datetime import datetime, time
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.accountability import AccountabilityCaseState
from domain.catalogue import decider_of
from domain.complaint import ComplaintState
from domain.kernel import Text
from domain.roles import OPEN_SEAL
from domain.sealed_identity import SEALED_IDENTITY, OpenIdentity, SealedIdentityState, identity_id
from infra.database import Connection
from infra.eventstore import select_stream
from infra.sealing import CannotOpen, Sealer
from infra.wire import StoredRow
from services.api.problems import Problem
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.principal import Forbidden, Principal
from services.runtime.runtime import Runtime
from services.runtime.tokens import Token

OPEN = SEALED_IDENTITY.spec(OpenIdentity).permission
MAX_CASES = 10
"""How many cases a report is followed through that was referred, and whose case was merged into others."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Contact = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Identity(msgspec.Struct, frozen=True):
    """Who a reporter is, and how to reach him."""

    name: Name
    contact: Contact


def sealed(runtime: Runtime, tenant: UUID, report: UUID, identity: Identity, config: TenantConfig) -> str:
    """The identity under seal. Raises `Problem` 503 where the installation has no key.

    What is sealed carries an instant in the open: it is the beginning of the tenant's day.
    """
    zone = ZoneInfo(config.calendar.timezone)
    day = datetime.combine(config.calendar.local_date(runtime.clock()), time.min, zone)
    contents = {"name": identity.name, "contact": identity.contact}
    try:
        return Sealer(runtime.settings.secret_key).seal(tenant, identity_id(report), contents, at=int(day.timestamp()))
    except CannotOpen:
        raise _no_key() from None


async def open_seal(
    runtime: Runtime, token: Token, report: UUID, reason: str, correlation: str
) -> tuple[Identity, Principal]:
    """The identity left with a report, once its opening stands in the ledger; and who opened it.

    Raises `Forbidden` for whoever is no custodian, `Refusal` for one with a part in the case, ``not_found`` where
    nothing lies under seal, `Problem` 503 where no key of the installation opens it.
    """
    tenant, stream = token.ids[0], identity_id(report)

    async def custodian(config: TenantConfig) -> Principal:
        found = await runtime.authority.principal(token, config)
        if OPEN_SEAL not in found.permissions:
            raise Forbidden(OPEN_SEAL)
        return msgspec.structs.replace(found, permissions=frozenset({OPEN}))

    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        config = await runtime.configs.read(connection, tenant)
        person = await custodian(config)
        rows = await _rows_of_case(runtime, connection, tenant, report)
        found = await runtime.states.read(connection, tenant, SEALED_IDENTITY.noun, stream)
    contents = _opened(runtime, tenant, stream, found.state)
    barred = (person.id,) if _has_a_part(person.id, rows) else ()
    await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=SEALED_IDENTITY,
            stream=stream,
            command=OpenIdentity(reason=reason, barred=barred),
            authorise=custodian,
            if_match=found.version or None,
            correlation=correlation,
        )
    )
    assert contents is not None  # where nothing lies under seal, the command was refused
    return contents, person


def _opened(runtime: Runtime, tenant: UUID, stream: UUID, state: object) -> Identity | None:
    """What lies under seal; opened before the opening is recorded, so that none is recorded that fails."""
    if not isinstance(state, SealedIdentityState):
        return None
    try:
        return msgspec.convert(Sealer(runtime.settings.secret_key).open(tenant, stream, state.sealed), Identity)
    except CannotOpen:
        raise _no_key() from None


async def _rows_of_case(runtime: Runtime, connection: Connection, tenant: UUID, report: UUID) -> list[StoredRow]:
    """The events of the report, of the case it was referred to, and of those that this was merged into."""
    found: list[StoredRow] = []
    following: UUID | None = report
    for _ in range(MAX_CASES):
        if following is None:
            break
        rows = await select_stream(connection, tenant, following)
        found += rows
        following = _next_case(runtime, rows)
    return found


def _next_case(runtime: Runtime, rows: list[StoredRow]) -> UUID | None:
    if not rows:
        return None
    decider = decider_of(rows[0].topic.partition(".")[0])
    state = decider.fold(None, [runtime.mapper.decode(row.topic, row.state) for row in rows])
    if isinstance(state, ComplaintState):
        return state.accountability_case
    return state.merging_into if isinstance(state, AccountabilityCaseState) else None


def _has_a_part(person: UUID, rows: list[StoredRow]) -> bool:
    """Whether somebody acted in the case or is named in it, in whatever part."""
    mark = str(person).encode()
    return any(mark in row.state or mark in row.metadata for row in rows)


def _no_key() -> Problem:
    return Problem(
        503,
        "seal_unavailable",
        Text("系统未配置封存密钥，或密钥不符", "The installation has no key for this seal."),
    )
