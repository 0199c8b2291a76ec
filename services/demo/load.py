"""Loads the demonstration through the service itself: real commands by its members, real deadlines, real reactions.

A clock of the story's own moves through the year. Before each step whatever fell due meanwhile is let happen at its
time. A load that was cut off goes on after the last step that left events.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.assessment import AssessmentState
from domain.catalogue import decider_of
from domain.kernel import Actor, Command
from domain.organisation.messages import ProvisionOrganisation
from domain.quality_report.commands import CompileReport
from domain.roles import permissions_of
from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from infra.follower import Follower
from projections import quality_figures
from projections.catalogue import PROJECTIONS
from projections.fleet import FLEET
from services.anonymous.door import NOBODY
from services.demo.credentials import Kept
from services.demo.gate import CORRELATION, Claimed, WithheldConfigs, admit, claim, only_loader
from services.demo.plan import Receipts, local, steps
from services.demo.references import hashes, resolved
from services.demo.steps import Born, ImportFile, Send, Step
from services.demo.story import ANONYMOUS, Organisation
from services.imports import import_file
from services.planning.dispatching import PREPARED, Laid, Sight
from services.planning.reporting import CompileBody, compiling
from services.runtime.accounts import Accounts
from services.runtime.commands import Authorise, Beside, CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.platform import Platform
from services.runtime.principal import Principal, Unauthenticated
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from services.worker.settling import settle_with
from services.worker.work import Work, work_of

FIRING = timedelta(seconds=2)
"""How long after its time a deadline fires, as a worker's sweep would have it."""
AT_ONCE = timedelta(minutes=25)
"""How long people do what they do at once, without waiting for what follows from it."""
SETTLING_TRIES = 200
SETTLING_PAUSE_S = 0.02

Told = Callable[[str, int, int], None]
"""Progress: an organisation's name, the steps done, the steps there are."""


class StoryClock:
    """The instant in the story."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant."""
        return self.now

    def to(self, instant: datetime) -> None:
        """Move on; never back."""
        self.now = max(self.now, instant)


class DemoFault(Exception):  # noqa: N818 - an answer to the person at the terminal
    """The demonstration can not be loaded; the message says why."""


async def load(settings: Settings, organisations: tuple[Organisation, ...], kept: Kept, told: Told) -> dict[str, UUID]:
    """Load what is not loaded yet; the tenants by slug. Raises `DemoFault` and `AlreadyLoading`."""
    clock = StoryClock(local(organisations[0].story.opened_at))
    tenants = {}
    async with open_runtime(settings, clock) as runtime, only_loader(runtime.database):
        for organisation in organisations:
            tenants[organisation.story.slug] = await _organisation(runtime, clock, organisation, kept, told)
    return tenants


async def _organisation(
    runtime: Runtime, clock: StoryClock, organisation: Organisation, kept: Kept, told: Told
) -> UUID:
    story = organisation.story
    clock.now = local(story.opened_at)
    claimed = await claim(runtime.database, story.slug, story.name, clock.now)
    if claimed.progress == "foreign":
        raise DemoFault(
            f"标识 {story.slug} 已被其他组织使用 · the slug {story.slug!r} is another organisation's already"
        )
    if claimed.progress == "loaded":
        await _passwords(runtime, claimed.tenant, organisation, kept, only_new=True)
        return claimed.tenant
    if claimed.progress == "fresh":
        await _provision(runtime, organisation, kept)
    withheld = msgspec.structs.replace(runtime, configs=WithheldConfigs(runtime.database, runtime.states))
    await _play(work_of(withheld), clock, organisation, claimed, kept, told)
    await _passwords(runtime, claimed.tenant, organisation, kept, only_new=False)
    await admit(runtime.database, claimed.tenant)
    return claimed.tenant


async def _provision(runtime: Runtime, organisation: Organisation, kept: Kept) -> None:
    story, admin = organisation.story, organisation.story.members[0]
    command = ProvisionOrganisation(name=story.name, admin_username=admin.username, admin_display_name=admin.name)
    operator = Principal(id=UUID(int=1), actor=Actor(kind="operator", name="kaohe demo"), permissions=frozenset())
    password = kept.credentials.password(story.slug, admin.username)
    await Platform(runtime, Accounts(runtime)).provision(operator, story.slug, command, password)


async def _play(  # noqa: PLR0913, PLR0917 - the story, and where it is told
    work: Work, clock: StoryClock, organisation: Organisation, claimed: Claimed, kept: Kept, told: Told
) -> None:
    """Every step that is left, and at last the time until the story ends."""
    receipts = hashes(kept.credentials.receipts(organisation.story.slug))
    plan, tenant = steps(organisation, claimed.tenant, receipts), claimed.tenant
    name = organisation.story.name
    if claimed.last_step >= 0:
        clock.to(plan[claimed.last_step].at)
        await _settle(work, tenant)
    began = clock.now
    for number, step in enumerate(plan):
        if number > claimed.last_step:
            if not _goes_on(step, began):
                await _settle(work, tenant)
                began = step.at
                await _until(work, clock, tenant, step.at)
            clock.to(step.at)
            await _perform(work.runtime, tenant, step, receipts, f"{CORRELATION}{number}")
        told(name, number + 1, len(plan))
    await _settle(work, tenant)
    await _until(work, clock, tenant, local(organisation.story.ends_at))


def _goes_on(step: Step, began: datetime) -> bool:
    """Whether a step belongs to those that are done at once since a moment."""
    return isinstance(step, Send) and step.at_once and step.at - began < AT_ONCE


async def _until(work: Work, clock: StoryClock, tenant: UUID, instant: datetime) -> None:
    """Let the time pass, and each deadline fire at its own."""
    while (due := await _next_due(work, tenant, instant)) is not None:
        clock.to(due + FIRING)
        await _settle(work, tenant)
    clock.to(instant)


async def _next_due(work: Work, tenant: UUID, until: datetime) -> datetime | None:
    async with work.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        due: datetime | None = await connection.fetchval(
            "select min(due_at) from deadlines where tenant_id = $1 and failed_at is null and due_at <= $2",
            tenant,
            until - FIRING,
        )
    return due


async def _settle(work: Work, tenant: UUID) -> None:
    """Let everything happen that is to happen by now. A worker may hold a claim for a moment without using it."""
    for _ in range(SETTLING_TRIES):
        await settle_with(work, tenant)
        if await _settled(work, tenant):
            return
        await asyncio.sleep(SETTLING_PAUSE_S)
    raise DemoFault("reactions or deadlines stand still; run `kaohe doctor`")


async def _settled(work: Work, tenant: UUID) -> bool:
    async with work.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        settled: bool = await connection.fetchval(
            "select l.position = coalesce(t.position, 0) and not exists (select from deadlines d"
            "   where d.tenant_id = $1 and d.failed_at is null and d.due_at <= $2)"
            " from ledger l left join tracking t on t.tenant_id = l.tenant_id and t.application_name = 'reactions'"
            " where l.tenant_id = $1",
            tenant,
            work.runtime.clock(),
        )
    return settled


async def _perform(runtime: Runtime, tenant: UUID, step: Step, receipts: Receipts, correlation: str) -> None:
    if isinstance(step, ImportFile):
        await _import(runtime, tenant, step, correlation)
        return
    if step.born is not None:
        step = msgspec.structs.replace(step, stream=await _born(runtime, tenant, step.born))
    command, beside = await _command(runtime, tenant, step, receipts)
    await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=decider_of(step.noun),
            stream=step.stream,
            command=command,
            beside=beside,
            authorise=acting(step.by, decider_of(step.noun).spec(type(command)).permission),
            correlation=correlation,
        )
    )


async def _born(runtime: Runtime, tenant: UUID, born: Born) -> UUID:
    """The id that something got when it came up; `DemoFault` where it did not."""
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        found: bytes | None = await connection.fetchval(
            "select state from events where tenant_id = $1 and originator_id = $2 and topic = $3"
            " order by originator_version offset $4 limit 1",
            tenant,
            born.stream,
            born.tag,
            born.place - 1,
        )
    if found is None:
        raise DemoFault(f"没有第{born.place}个 {born.tag} · there is no event {born.tag} number {born.place}")
    value: Any = msgspec.json.decode(found)
    for name in born.path:
        value = value[name]
    return UUID(value)


async def _import(runtime: Runtime, tenant: UUID, step: ImportFile, correlation: str) -> None:
    content, name = step.file.read_bytes(), step.file.name
    report = await import_file(
        runtime, tenant, acting(step.by), step.stream, step.kind, content, name, False, correlation=correlation
    )
    if report.errors:
        first = report.errors[0]
        raise DemoFault(f"{step.file}: 第 {first.row} 行 {first.zh} · row {first.row}: {first.en}")


async def _command(
    runtime: Runtime, tenant: UUID, step: Send, receipts: Receipts
) -> tuple[Command, tuple[Beside, ...]]:
    """The command of a step, with the ids of what it refers to, and what is done beside it."""
    decider = decider_of(step.noun)
    kind = next(spec.command for spec in decider.commands if spec.name == step.command)
    config = await runtime.configs.get(tenant)
    assert config.organisation is not None
    state = None
    if not step.at_once:
        state = (await runtime.states.load(runtime.database, tenant, step.noun, step.stream)).state
    fields = resolved(step.fields, tenant, config.organisation, receipts, state)
    if step.noun == VEHICLE_BOOKING.noun and step.command in PREPARED:
        laid = await _prepared(runtime, tenant, step, fields)
        return laid.command, laid.beside
    if kind is CompileReport:
        return await _compiled(runtime, tenant, config, msgspec.convert(fields, CompileBody)), ()
    if step.finding is not None or step.incident is not None:
        assert isinstance(state, AssessmentState)
        if step.finding is not None:
            fields["finding_id"] = next(key for key, one in state.findings.items() if one.ref == step.finding)
        if step.incident is not None:
            fields["incident_id"] = list(state.incidents)[step.incident]
    return msgspec.convert(fields, kind), ()


async def _prepared(runtime: Runtime, tenant: UUID, step: Send, fields: dict[str, Any]) -> Laid:
    """A command whose facts the service lays down, as it stands after what was done before."""
    prepared = PREPARED[step.command]
    await Follower(runtime.database, runtime.mapper, (FLEET,)).follow(tenant)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        sight = Sight(
            runtime=runtime, connection=connection, tenant=tenant, config=await runtime.configs.read(connection, tenant)
        )
        state = await sight.state(step.noun, step.stream)
        assert isinstance(state, BookingState)
        return await prepared.prepare(sight, step.stream, state, msgspec.convert(fields, prepared.body))


async def _compiled(runtime: Runtime, tenant: UUID, config: TenantConfig, body: CompileBody) -> Command:
    """A report with the figures of what was done before."""
    sources = tuple(each for each in PROJECTIONS if each.name in quality_figures.SOURCES)
    await Follower(runtime.database, runtime.mapper, sources).follow(tenant)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        return await compiling(connection, tenant, config, body)


def acting(username: str, permission: str = "") -> Authorise:
    """The authorisation of whoever acts in the story: a member, or somebody without an account, who may this alone."""

    async def authorise(config: TenantConfig) -> Principal:
        if username == ANONYMOUS:
            return Principal(id=UUID(int=0), actor=NOBODY, permissions=frozenset({permission}))
        member = None if config.organisation is None else config.organisation.member_named(username)
        if member is None:
            raise Unauthenticated
        actor = Actor(kind="member", id=member.id, name=member.display_name, roles=frozenset(member.roles))
        return Principal(id=member.id, actor=actor, permissions=permissions_of(member.roles))

    return authorise


async def _passwords(runtime: Runtime, tenant: UUID, organisation: Organisation, kept: Kept, *, only_new: bool) -> None:
    """Give people the passwords that the file says, at the end of the load or when it was lost."""
    slug = organisation.story.slug
    wanted = [
        member.username for member in organisation.story.members if not only_new or (slug, member.username) in kept.new
    ]
    state = (await runtime.configs.refresh(tenant)).organisation
    if state is None or not wanted:
        return
    accounts = Accounts(runtime)
    await asyncio.gather(
        *(
            accounts.set_password(tenant, state.usernames[username], kept.credentials.password(slug, username))
            for username in wanted
            if username in state.usernames
        )
    )
