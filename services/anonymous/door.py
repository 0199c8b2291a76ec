"""What an anonymous reporter may do: report, look, add and rate; and nothing that tells one wrong receipt from another.

A receipt holds its tenant and 256 random bits. Report and receipt are found by what follows from its hash: the stream's
id, which therefore tells neither the receipt nor, as other ids do, when it was made.
"""

import asyncio
import hashlib
import hmac
import io
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.accountability import ACCOUNTABILITY_CASE, AccountabilityCaseState
from domain.accountability.commands import AddInformationByReceipt
from domain.catalogue import decider_of
from domain.complaint import COMPLAINT, ComplaintState
from domain.complaint.commands import AddByReceipt, RateByReceipt
from domain.evidence_file import EVIDENCE_FILE, StoreFile
from domain.kernel import Actor, Command, Context, Decider, Refusal, derived_id
from domain.sealed_identity import SEALED_IDENTITY, SealIdentity, identity_id
from infra.database import Connection
from infra.eventstore import absent_streams, select_stream
from infra.recordings import StoreBusy, StoreUnavailable
from infra.wire import StoredRow
from services.anonymous.identities import Identity, sealed
from services.files.receiving import Received, admitted_type, too_large
from services.files.sniffing import media_type_of
from services.files.storing import blobs_of, store
from services.files.stripping import stripped
from services.runtime.commands import Authorise, CommandRequest, TooContended
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime
from services.runtime.tokens import RECEIPT_PREFIX, Token, mint, parse

Report = Callable[[str, tuple[str, ...]], Command]
"""Makes the command that takes a report in, from the receipt's hash and the digests of its files."""
NOBODY = Actor(kind="reporter")
_NO_RECEIPT = Token(RECEIPT_PREFIX, (UUID(int=0),), bytes(32))
"""What is looked for in place of a text that is no receipt, so that it takes as long."""


class Organisation(msgspec.Struct, frozen=True):
    """Whose door it is."""

    tenant: UUID
    name: str
    config: TenantConfig


class Receipt(msgspec.Struct, frozen=True):
    """The receipt's text, shown once, and until when it is good."""

    text: str
    valid_until: datetime
    identity_sealed: bool = False


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt opens: a report of a noun, its events, and those of the case that a complaint was referred to."""

    tenant: UUID
    token: Token
    config: TenantConfig
    stream: UUID
    state: ComplaintState | AccountabilityCaseState
    rows: Sequence[StoredRow]
    case_id: UUID | None = None
    case_rows: Sequence[StoredRow] = ()
    identity_sealed: bool = False

    @property
    def hash(self) -> str:
        """The receipt's hash as commands name it."""
        return self.token.secret_hash.hex()


def unknown() -> Refusal:
    """The one answer to an unknown organisation and to a wrong, an expired or another's receipt."""
    return Refusal(
        "not_found", zh="没有这个地址，或者回执无效", en="There is nothing here, or the receipt is not valid."
    )


def stream_of(tenant: UUID, receipt_hash: str) -> UUID:
    """The stream of the report that a receipt belongs to, by the receipt's hash in hexadecimal."""
    return derived_id(tenant, "anonymous_report", receipt_hash)


class Door:
    """The door of every organisation in one process."""

    def __init__(self, runtime: Callable[[], Runtime]) -> None:
        self._runtime = runtime
        self._turns = asyncio.Semaphore(1)
        """Images are worked on one at a time: each takes up to some hundred megabytes."""

    async def organisation(self, slug: str) -> Organisation:
        """The organisation of a slug. Raises `unknown`."""
        runtime = self._runtime()
        async with runtime.database.directory() as connection:
            tenant = await connection.fetchval("select tenant_id from tenants where slug = $1", slug)
        if tenant is None:
            raise unknown()
        async with runtime.database.tenant_transaction(tenant, read_only=True) as own:
            epoch = await own.fetchval("select epoch from ledger where tenant_id = $1", tenant)
            config = await runtime.configs.at_epoch(own, tenant, epoch)
        if not config.active or config.organisation is None:
            raise unknown()
        return Organisation(tenant, config.organisation.name, config)

    async def take_in(
        self, slug: str, decider: Decider[Any], report: Report, files: Sequence[bytes], identity: Identity | None
    ) -> Receipt:
        """Take a report in. Raises what refuses it, before any file of it is kept.

        A name is put under seal after the report: should that fail, the receipt says so and can leave it again.
        """
        here = await self.organisation(slug)
        if identity is not None:
            sealed(self._runtime(), here.tenant, here.tenant, identity, here.config)  # without a key nothing is begun
        text, token = mint(RECEIPT_PREFIX, here.tenant)
        hashed = token.secret_hash.hex()
        stream = stream_of(here.tenant, hashed)
        contents = await self.cleaned(files)
        command = report(hashed, tuple(one.digest for one in contents))
        context = Context(
            actor=NOBODY,
            now=self._runtime().clock(),
            calendar=here.config.calendar,
            rules=here.config.rules,
            entropy=secrets.token_bytes(32),
            stream_id=stream,
        )
        (first, *_) = decider.decide(None, command, context)
        await self._send(here.tenant, decider, stream, command, contents)
        valid_until: datetime = first.receipt_until  # type: ignore[attr-defined]
        if identity is None:
            return Receipt(text, valid_until)
        try:
            await self._seal(here.tenant, decider.noun, stream, identity, here.config)
        except (StoreBusy, StoreUnavailable, TooContended):
            return Receipt(text, valid_until)
        return Receipt(text, valid_until, identity_sealed=True)

    async def open(self, text: str) -> Opened:
        """What a receipt opens. Raises `unknown`, after the same work whatever is wrong with it."""
        runtime = self._runtime()
        token = parse(text.strip())
        if token is None or token.prefix != RECEIPT_PREFIX or len(token.ids) != 1:
            token = _NO_RECEIPT
        tenant = token.ids[0]
        stream = stream_of(tenant, token.secret_hash.hex())
        async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            epoch = await connection.fetchval("select epoch from ledger where tenant_id = $1", tenant)
            rows = await select_stream(connection, tenant, stream)
            if epoch is None or not rows:
                raise unknown()
            config = await runtime.configs.at_epoch(connection, tenant, epoch)
            found = _opened(runtime, token, config, stream, rows)
            absent = await absent_streams(connection, tenant, [identity_id(stream)])
            return await _with_case(connection, msgspec.structs.replace(found, identity_sealed=not absent))

    async def add(self, text: str, words: str, files: Sequence[bytes]) -> None:
        """Add words and files, to the case where a complaint was referred to one."""
        found = await self.open(text)
        contents = await self.cleaned(files)
        evidence = tuple(one.digest for one in contents)
        if isinstance(found.state, ComplaintState) and not found.case_rows:
            said: Command = AddByReceipt(receipt_hash=found.hash, text=words, evidence=evidence)
            await self._send(found.tenant, COMPLAINT, found.stream, said, contents)
            return
        case = found.case_id or found.stream
        said = AddInformationByReceipt(receipt_hash=found.hash, text=words, evidence=evidence)
        await self._send(found.tenant, ACCOUNTABILITY_CASE, case, said, contents)

    async def leave_name(self, text: str, identity: Identity) -> None:
        """Leave one's name with a report, under seal."""
        found = await self.open(text)
        noun = COMPLAINT.noun if isinstance(found.state, ComplaintState) else ACCOUNTABILITY_CASE.noun
        await self._seal(found.tenant, noun, found.stream, identity, found.config)

    async def _seal(self, tenant: UUID, noun: str, report: UUID, identity: Identity, config: TenantConfig) -> None:
        text = sealed(self._runtime(), tenant, report, identity, config)
        command = msgspec.convert({"report_id": report, "report_noun": noun, "sealed": text}, SealIdentity)
        await self._send(tenant, SEALED_IDENTITY, identity_id(report), command, ())

    async def rate(self, text: str, score: int, comment: str) -> None:
        """Rate the answer to a complaint."""
        found = await self.open(text)
        if not isinstance(found.state, ComplaintState):
            raise Refusal("not_rated", zh="此类举报不评价", en="Reports of this kind are not rated.", clause="R4.12")
        rating = RateByReceipt(receipt_hash=found.hash, score=score, comment=comment)
        await self._send(found.tenant, COMPLAINT, found.stream, rating, ())

    async def cleaned(self, files: Sequence[bytes]) -> list[Received]:
        """The files without traces of their maker. Raises `Problem` where one is too large, or of a kind not taken."""
        runtime = self._runtime()
        if files:
            blobs_of(runtime)
        most, allowed = runtime.settings.max_file_bytes, runtime.settings.allowed_types
        found = []
        for content in files:
            if len(content) > most:
                raise too_large(most)
            media_type = admitted_type(media_type_of(io.BytesIO(content)), allowed)
            async with self._turns:
                bare = await asyncio.to_thread(stripped, content, media_type)
            found.append(Received(io.BytesIO(bare), hashlib.sha256(bare).hexdigest(), len(bare), media_type))
        return found

    async def _send(
        self, tenant: UUID, decider: Decider[Any], stream: UUID, command: Command, contents: Sequence[Received]
    ) -> None:
        runtime = self._runtime()
        for content in contents:
            await store(runtime, tenant, content, _as_nobody(EVIDENCE_FILE.spec(StoreFile).permission))
        await runtime.bus.execute(
            CommandRequest(
                tenant=tenant,
                decider=decider,
                stream=stream,
                command=command,
                authorise=_as_nobody(decider.spec(type(command)).permission),
            )
        )


def _as_nobody(permission: str) -> Authorise:
    """Somebody who may send this one command and is nobody."""

    async def authorise(config: TenantConfig) -> Principal:
        if not config.active:
            raise unknown()
        return Principal(id=UUID(int=0), actor=NOBODY, permissions=frozenset({permission}))

    return authorise


def _opened(runtime: Runtime, token: Token, config: TenantConfig, stream: UUID, rows: Sequence[StoredRow]) -> Opened:
    decider = decider_of(rows[0].topic.partition(".")[0])
    state = decider.fold(None, [runtime.mapper.decode(row.topic, row.state) for row in rows])
    if not isinstance(state, ComplaintState | AccountabilityCaseState) or not config.active:
        raise unknown()
    held = hmac.compare_digest(state.receipt_hash or "", token.secret_hash.hex())
    if not held or state.receipt_until is None or runtime.clock() >= state.receipt_until:
        raise unknown()
    return Opened(tenant=token.ids[0], token=token, config=config, stream=stream, state=state, rows=rows)


async def _with_case(connection: Connection, found: Opened) -> Opened:
    """With the case that a complaint was referred to, once it has been taken in there."""
    if not isinstance(found.state, ComplaintState) or found.state.accountability_case is None:
        return found
    case = found.state.accountability_case
    rows = await select_stream(connection, found.tenant, case)
    return msgspec.structs.replace(found, case_id=case, case_rows=rows)
