"""Handles a command: authorise, load, decide, append; once more when the world moved in between.

One round trip to the database in the usual case: the principal, the configuration and the state are cached,
and the append checks all three (epoch and stream version). Nothing is refused or replayed on what may be behind:
before such an answer, credential, configuration, state and idempotency record are read afresh.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.evidence import files_named
from domain.kernel import Command, Context, Decider, Event, Refusal
from infra.database import Database
from infra.group_commit import GroupCommit
from infra.recordings import Appended, Clash, IdempotencyKey, Replayed
from infra.states import ABSENT, StateStore, Versioned
from infra.wire import EventMapper
from services.runtime.config import ConfigCache, TenantConfig, UnknownTenant
from services.runtime.deciding import at_turn, decide_in_turn
from services.runtime.evidence import files_known
from services.runtime.locks import StreamLocks
from services.runtime.principal import Forbidden, Principal, TenantSuspended, Unauthenticated
from services.runtime.recording import Decision, taken, to_recording, together

MAX_ATTEMPTS = 12
ENTROPY_BYTES = 32

Clock = Callable[[], datetime]
Authorise = Callable[[TenantConfig], Awaitable[Principal]]


class KeyUse(msgspec.Struct, frozen=True):
    """A client's idempotency key with the hash of what it was sent with."""

    key: str
    body_hash: bytes


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """A command to another stream by the same person: it and the request's own are appended together or not at all."""

    decider: Decider[Any]
    stream: UUID
    command: Command


class CommandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One command on its way to one stream. ``authorise`` answers who sends it under a configuration, or refuses."""

    tenant: UUID
    decider: Decider[Any]
    stream: UUID
    command: Command
    authorise: Authorise
    then: tuple[Command, ...] = ()
    """Further commands to the stream, each decided on what those before it caused; appended together or not at all."""
    beside: tuple[Beside, ...] = ()
    respond: "Respond | None" = None
    """Makes another response body than the events that were appended."""
    if_match: int | None = None
    key: KeyUse | None = None
    correlation: str | None = None


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did: the stream's version now, the tenant's position, and the response body."""

    stream: UUID
    version: int
    position: int
    body: bytes
    status: int
    replayed: bool = False


class VersionMismatch(Exception):  # noqa: N818 - an answer to the client, 412
    """The stream is not at the version the client named; ``current`` is where it is."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the stream is at version {current}")
        self.current = current


class KeyReused(Exception):  # noqa: N818 - an answer to the client, 422
    """The idempotency key was used for another request."""


class TooContended(Exception):  # noqa: N818 - an answer to the client, 503
    """The stream kept changing under us; nothing was done."""


_REFUSED = (Refusal, VersionMismatch, KeyReused, Forbidden, Unauthenticated, TenantSuspended)
"""What is answered only after a fresh look."""


class CommandBus:
    """Handles the commands of every tenant in one process."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        *,
        database: Database,
        appender: GroupCommit,
        states: StateStore,
        configs: ConfigCache,
        mapper: EventMapper,
        clock: Clock,
        respond: "Respond",
        appended: Callable[[UUID], None],
    ) -> None:
        self._database = database
        self._appender = appender
        self._states = states
        self._configs = configs
        self._mapper = mapper
        self._clock = clock
        self._respond = respond
        self._appended = appended
        self._locks = StreamLocks()
        self._snapshots: set[asyncio.Task[None]] = set()

    async def execute(self, request: CommandRequest) -> CommandResult:
        """Do what the command asks, exactly once per idempotency key.

        Raises `Refusal`, `Forbidden`, `VersionMismatch`, `KeyReused`, `TooContended`, and what ``authorise`` and the
        store raise.
        """
        # commands of one stream take turns here, so that they conflict only across processes
        async with self._locks.holding((request.tenant, request.stream)):
            config = await self._configs.get(request.tenant)
            before = await self._known(request)
            fresh = False
            for _ in range(MAX_ATTEMPTS):
                if fresh:
                    config, before = await self._read(request)
                try:
                    result = await self._attempt(request, config, before, fresh=fresh)
                except _REFUSED:
                    if fresh:
                        raise
                    result = None
                if result is not None and (fresh or not result.replayed):
                    return result
                fresh = True
        raise TooContended

    async def _attempt(
        self, request: CommandRequest, config: TenantConfig, before: Versioned, *, fresh: bool
    ) -> CommandResult | None:
        """Try once; ``None`` when it has to be tried afresh."""
        principal = await self._admit(request, config)
        try:
            await self._require_files(request, principal)
            decision = await self._decision(request, config, principal, before)
            beside = await self._beside(request, decision) if decision.events else []
        except (Refusal, VersionMismatch):
            replay = await self.replay(request.tenant, request.stream, request.key, principal) if fresh else None
            if replay is None:
                raise
            return replay
        if decision.events:
            return await self._append(request, decision, beside, principal)
        return await self._unchanged(request, principal, before.version) if fresh else None

    async def drain(self) -> None:
        """Wait until no snapshot is being written."""
        while self._snapshots:
            await asyncio.gather(*self._snapshots, return_exceptions=True)

    async def _known(self, request: CommandRequest) -> Versioned:
        """The state as far as this process knows it, which the append will check; loaded where it knows nothing."""
        noun = request.decider.noun
        known = self._states.cached(request.tenant, noun, request.stream)
        if known is None and not request.decider.spec(type(request.command)).creates:
            known = await self._states.load(self._database, request.tenant, noun, request.stream)
        return known or ABSENT

    async def _read(self, request: CommandRequest) -> tuple[TenantConfig, Versioned]:
        """Configuration and state as they are now."""
        async with self._database.tenant_transaction(request.tenant, read_only=True) as connection:
            epoch = await connection.fetchval("select epoch from ledger where tenant_id = $1", request.tenant)
            if epoch is None:
                raise UnknownTenant(str(request.tenant))
            config = await self._configs.at_epoch(connection, request.tenant, epoch)
            state = await self._states.read(connection, request.tenant, request.decider.noun, request.stream)
        return config, state

    async def _admit(self, request: CommandRequest, config: TenantConfig) -> Principal:
        principal = await request.authorise(config)
        specs = [request.decider.spec(command) for command in {type(one) for one in (request.command, *request.then)}]
        for spec in (*specs, *(one.decider.spec(type(one.command)) for one in request.beside)):
            system = principal.actor.kind in ("system", "operator")
            allowed = system if spec.audience == "internal" else spec.permission in principal.permissions
            if spec.audience == "public" and principal.actor.kind == "ballot_link":
                allowed = True
            if not allowed:
                raise Forbidden(spec.permission)
        return principal

    async def _require_files(self, request: CommandRequest, principal: Principal) -> None:
        """Refuse a command that names a file which its sender may not have; those that name none cost nothing."""
        for command in (request.command, *request.then):
            if not (named := files_named(command)):
                continue
            digests = [digest for _, digest in named]
            async with self._database.tenant_transaction(request.tenant, read_only=True) as connection:
                known = await files_known(connection, self._states, request.tenant, principal, digests)
            for field, digest in named:
                file = known.get(digest)
                # others than people name files that the service itself has just stored for them
                if file and (file.sent or file.readable or principal.actor.kind not in ("member", "api_key")):
                    continue
                raise Refusal(
                    "evidence_unknown",
                    zh="没有这份证据文件，请先上传",
                    en="There is no such stored file; send it first.",
                    kind="value",
                    field=field,
                    details={"index": int(field.rpartition(".")[2]), "digest": digest},
                )

    async def _decision(
        self, request: CommandRequest, config: TenantConfig, principal: Principal, before: Versioned
    ) -> Decision:
        if request.if_match is not None and request.if_match != before.version:
            raise VersionMismatch(before.version)
        if request.then:  # thousands of decisions would hold up everyone else on the loop
            return await asyncio.to_thread(self._decide, request, config, principal, before)
        return self._decide(request, config, principal, before)

    def _decide(
        self, request: CommandRequest, config: TenantConfig, principal: Principal, before: Versioned
    ) -> Decision:
        context = Context(
            actor=principal.actor,
            now=self._clock(),
            calendar=config.calendar,
            rules=config.rules,
            entropy=secrets.token_bytes(ENTROPY_BYTES),
            stream_id=request.stream,
            office=config.office,
        )
        return Decision(
            decider=request.decider,
            stream=request.stream,
            before=before,
            command=request.command,
            events=decide_in_turn(request.decider, before.state, (request.command, *request.then), context),
            context=context,
            epoch=config.epoch,
            correlation=request.correlation,
        )

    async def _beside(self, request: CommandRequest, decision: Decision) -> list[Decision]:
        """The decisions on other streams, each on its state as it is now; the append checks that it still is."""
        found = []
        for place, one in enumerate(request.beside, 1):
            before = await self._states.load(self._database, request.tenant, one.decider.noun, one.stream)
            context = msgspec.structs.replace(at_turn(decision.context, place), stream_id=one.stream)
            events = one.decider.decide(before.state, one.command, context)
            found.append(
                msgspec.structs.replace(
                    decision,
                    decider=one.decider,
                    stream=one.stream,
                    before=before,
                    command=one.command,
                    events=events,
                    context=context,
                )
            )
        return found

    async def _append(
        self, request: CommandRequest, decision: Decision, beside: list[Decision], principal: Principal
    ) -> CommandResult | None:
        """Append the decisions; ``None`` when they have to be taken again."""
        version = decision.before.version + len(decision.events)
        status = 201 if decision.before.version == 0 else 200
        idempotency = None
        if request.then:
            recording, after = await asyncio.to_thread(to_recording, self._mapper, decision)
        else:
            recording, after = to_recording(self._mapper, decision)
        respond = request.respond or self._respond
        body = respond(request.stream, version, decision.events, tuple(event.state for event in recording.events))
        if request.key is not None:
            idempotency = IdempotencyKey(principal.id, request.key.key, request.key.body_hash, status, body)
            recording = msgspec.structs.replace(recording, idempotency=idempotency)
        others = [(one, *to_recording(self._mapper, one)) for one in beside]
        if others:
            recording = together(recording, [other for _, other, _ in others])
        outcome = await self._appender.append(request.tenant, recording)
        if isinstance(outcome, Appended):
            self._remember(request, decision.before, after)
            for one, _, left in others:
                self._states.remember(request.tenant, one.decider.noun, one.stream, left)
            self._appended(request.tenant)
            return CommandResult(
                stream=request.stream, version=version, position=outcome.last_position, body=body, status=status
            )
        if isinstance(outcome, Replayed):
            return _as_replayed(request.stream, request.key, outcome)
        if isinstance(outcome, Clash):
            raise taken(
                [(request.decider, after.state), *((one.decider, left.state) for one, _, left in others)], outcome
            )
        return None

    async def _unchanged(self, request: CommandRequest, principal: Principal, version: int) -> CommandResult:
        """The answer to a command that had nothing to do: the first answer under its key, if there was one."""
        if (replay := await self.replay(request.tenant, request.stream, request.key, principal)) is not None:
            return replay
        async with self._database.tenant_transaction(request.tenant, read_only=True) as connection:
            position: int = await connection.fetchval(
                "select position from ledger where tenant_id = $1", request.tenant
            )
        body = (request.respond or self._respond)(request.stream, version, (), ())
        return CommandResult(stream=request.stream, version=version, position=position, body=body, status=200)

    def _remember(self, request: CommandRequest, before: Versioned, after: Versioned) -> None:
        noun = request.decider.noun
        self._states.remember(request.tenant, noun, request.stream, after)
        if self._states.snapshot_is_due(request.tenant, noun, request.stream, before.version, after.version):
            task = asyncio.get_running_loop().create_task(
                self._states.write_snapshot(self._database, request.tenant, noun, request.stream, after)
            )
            self._snapshots.add(task)
            task.add_done_callback(self._snapshots.discard)

    async def replay(
        self, tenant: UUID, stream: UUID, key: KeyUse | None, principal: Principal
    ) -> CommandResult | None:
        """What was answered under a principal's key before, if it was. Raises `KeyReused`."""
        if key is None:
            return None
        async with self._database.tenant_transaction(tenant, read_only=True) as connection:
            row = await connection.fetchrow(
                "select body_hash, status, response, position, version from idempotency"
                " where tenant_id = $1 and principal_id = $2 and key = $3",
                tenant,
                principal.id,
                key.key,
            )
        return None if row is None else _as_replayed(stream, key, Replayed(*row))


Respond = Callable[[UUID, int, tuple[Event, ...], tuple[bytes, ...]], bytes]
"""Makes the response body of a command: stream, version, events and their bytes."""


def _as_replayed(stream: UUID, key: KeyUse | None, outcome: Replayed) -> CommandResult:
    if key is None or key.body_hash != outcome.body_hash:
        raise KeyReused
    return CommandResult(
        stream=stream,
        version=outcome.version,
        position=outcome.position,
        body=outcome.response,
        status=outcome.status,
        replayed=True,
    )


def by_noun(deciders: tuple[Decider[Any], ...]) -> Mapping[str, Decider[Any]]:
    """Deciders by their noun."""
    return {decider.noun: decider for decider in deciders}
