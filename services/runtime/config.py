"""What decisions of a tenant depend on besides the stream itself: its organisation, calendar and rules in force.

Read once and kept until the ledger's epoch says that it changed; the append checks the epoch, so no decision
stands that was taken under an older configuration.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain.calendar import Calendar
from domain.kernel import RuleVersion, derived_id
from domain.office import Office
from domain.organisation import ORGANISATION, OrganisationState, calendar, office
from domain.rule_book import RULE_BOOK, RuleBookState, timeline
from domain.rules.registry import REGULATIONS
from infra.database import Connection, Database
from infra.states import StateStore

CACHE_SIZE = 5_000


class TenantConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's configuration at an epoch. ``organisation`` is ``None`` only while it is being provisioned."""

    epoch: int
    active: bool
    organisation: OrganisationState | None
    calendar: Calendar
    rules: Mapping[str, tuple[RuleVersion, ...]]
    office: Office = Office()


class UnknownTenant(LookupError):  # noqa: N818 - the field's word
    """No tenant has this id."""


class ConfigCache:
    """The configurations that this process has read; one per process."""

    def __init__(self, database: Database, states: StateStore) -> None:
        self._database = database
        self._states = states
        self._known: dict[UUID, TenantConfig] = {}

    async def get(self, tenant: UUID) -> TenantConfig:
        """The configuration last read, or read now."""
        return self._known.get(tenant) or await self.refresh(tenant)

    async def refresh(self, tenant: UUID) -> TenantConfig:
        """Read the configuration as it is now. Raises `UnknownTenant`."""
        async with self._database.tenant_transaction(tenant, read_only=True) as connection:
            return await self.read(connection, tenant)

    async def at_epoch(self, connection: Connection, tenant: UUID, epoch: int) -> TenantConfig:
        """The configuration, read anew in the transaction at hand if the one known is of another epoch.

        A second connection would have to be waited for while this one is held, by every reader at once.
        """
        known = self._known.get(tenant)
        return known if known is not None and known.epoch == epoch else await self.read(connection, tenant)

    async def read(self, connection: Connection, tenant: UUID) -> TenantConfig:
        """Read the configuration in a transaction, and keep it.

        The epoch is read before the streams: should one change in between, the epoch is the older one and
        the append starts the decision over.
        """
        row = await connection.fetchrow(
            "select l.epoch, t.status from ledger l join tenants t using (tenant_id) where l.tenant_id = $1", tenant
        )
        if row is None:
            raise UnknownTenant(str(tenant))
        books = {regulation: derived_id(tenant, "rule_book", regulation) for regulation in REGULATIONS}
        organisation = await self._states.read(connection, tenant, ORGANISATION.noun, tenant)
        rules: dict[str, tuple[RuleVersion, ...]] = {}
        for regulation, stream in books.items():
            book = (await self._states.read(connection, tenant, RULE_BOOK.noun, stream)).state
            if isinstance(book, RuleBookState):
                rules[regulation] = timeline(book)
        profile = organisation.state if isinstance(organisation.state, OrganisationState) else None
        config = TenantConfig(
            epoch=row["epoch"],
            active=row["status"] == "active",
            organisation=profile,
            calendar=calendar(profile) if profile else Calendar(),
            rules=rules,
            office=office(profile) if profile else Office(),
        )
        if len(self._known) >= CACHE_SIZE:
            self._known.pop(next(iter(self._known)))
        self._known[tenant] = config
        return config
