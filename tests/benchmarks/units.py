"""The units of one project, whose accounts benchmarks fill without the service: decided here, appended as they are."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain.calendar import Calendar
from domain.fee_account import FEE_ACCOUNT, FeeAccountState, account_id
from domain.fee_account.commands import ChargeFee, OpenFeeAccount
from domain.kernel import Actor, Command, Context, Decider, RuleVersion, derived_id
from domain.roles import permissions_of
from domain.rule_book import RULE_BOOK
from domain.rule_book.messages import AdoptPack
from domain.rules.r13 import default_values
from infra.eventstore import append_on
from infra.recordings import DueDeadline, NewEvent, Recording
from infra.wire import Metadata, canonical
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.deciding import decide_in_turn
from services.runtime.principal import Principal
from services.runtime.recording import encode_command
from services.runtime.runtime import Runtime

AT_ONCE = 500
ROLES = frozenset({"finance", "fee_collector", "tenant_admin"})
CASHIER = UUID(int=9)
FROM = date(2025, 1, 1)
CHARGED = "2025-12"


class Units:
    """Accounts by stream, each as the events stored so far leave it."""

    def __init__(self, runtime: Runtime, tenant: UUID) -> None:
        self._runtime, self._tenant = runtime, tenant
        self.project = uuid4()
        self.accounts: dict[UUID, tuple[FeeAccountState, int]] = {}

    async def begin(self, count: int, at: datetime) -> None:
        """Adopt the rules, and store so many units with what they were charged at an instant."""
        rules = derived_id(self._tenant, "rule_book", "R13")
        await self.send(CASHIER, AdoptPack(regulation="R13", effective_from=FROM), RULE_BOOK, rules)
        charge = ChargeFee(item="property_fee", first_month=CHARGED, last_month=CHARGED, quantity=Decimal(1_000))
        recordings = []
        for number in range(count):
            unit = f"{number:05}"
            opened = OpenFeeAccount(project_id=self.project, unit=unit, building="1", owner=f"业主{number}")
            stream = account_id(self.project, "1", unit)
            recordings.append(self.decide(stream, (opened, charge), context_at(at)))
        await self.append(recordings)

    def decide(self, stream: UUID, commands: tuple[Command, ...], context: Context) -> Recording:
        """What an account answers, to be appended; it is remembered here as it will be."""
        state, version = self.accounts.get(stream, (None, 0))
        events = decide_in_turn(FEE_ACCOUNT, state, commands, context)
        after = FEE_ACCOUNT.fold(state, events)
        assert after is not None
        self.accounts[stream] = after, version + len(events)
        owed = set() if state is None else {one.key for one in FEE_ACCOUNT.deadlines(state)}
        due = {one.key: one for one in FEE_ACCOUNT.deadlines(after)}
        metadata = Metadata(command_id=uuid4(), command="fee_account.receive_fee", actor_kind="member")
        encode = self._runtime.mapper.encode
        return Recording(
            events=[NewEvent(stream, n, *encode(event)) for n, event in enumerate(events, version + 1)],
            metadata=canonical(metadata),
            recorded_at=context.now,
            cleared=[(stream, key) for key in owed - due.keys()],
            due=[
                DueDeadline(stream, key, one.due_at, FEE_ACCOUNT.noun, encode_command(one.command))
                for key, one in due.items()
                if key not in owed
            ],
        )

    async def append(self, recordings: Sequence[Recording]) -> None:
        """Store what was decided."""
        for first in range(0, len(recordings), AT_ONCE):
            async with self._runtime.database.tenants.acquire() as connection:
                await append_on(connection, self._tenant, recordings[first : first + AT_ONCE])

    async def send(self, person: UUID, command: Command, decider: Decider[Any], stream: UUID) -> None:
        """Send a command through the service, as somebody who may."""

        async def authorise(_: TenantConfig) -> Principal:
            actor = Actor(kind="member", id=person, name="收费", roles=ROLES)
            return Principal(id=person, actor=actor, permissions=permissions_of(ROLES))

        await self._runtime.bus.execute(
            CommandRequest(tenant=self._tenant, decider=decider, stream=stream, command=command, authorise=authorise)
        )


def context_at(at: datetime, person: UUID = CASHIER) -> Context:
    """What surrounds a decision at an instant."""
    return Context(
        actor=Actor(kind="member", id=person, name="收费", roles=ROLES),
        now=at,
        calendar=Calendar(),
        rules={"R13": (RuleVersion(1, FROM, default_values()),)},
    )
