"""Which account a row belongs to: by the account's own id, or by building and unit within the project."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from domain.fee_account import FEE_ACCOUNT, FeeAccountState, account_id
from domain.kernel import Text
from infra.database import Connection
from infra.states import StateStore, Versioned
from services.imports.fee_columns import BankRow, ReadingRow
from services.imports.rows import ReadRow
from services.imports.unit_columns import UnitRow

AnyRow = BankRow | ReadingRow

UNITS = (
    "select account_id, unit from fee_units where tenant_id = $1 and project_id = $2 and unit = any ($3)"
    " and build = (select build from projections where tenant_id = $1 and name = 'fee_charges' and status = 'live')"
)


class Unmatched(msgspec.Struct, frozen=True):
    """Why a row belongs to no account, and what is to be done."""

    code: str
    text: Text
    field: str


NO_ACCOUNT = Unmatched(
    "no_account",
    Text(
        "没有这一户的收费账户：请核对楼栋和户号，或先建立账户后重新导入",
        "No account has this unit: check building and unit, or begin the account and import again.",
    ),
    "unit",
)
AMBIGUOUS = Unmatched(
    "ambiguous_unit",
    Text(
        "不止一栋有此户号：请补填楼栋后重新导入",
        "Several buildings have this unit: name one and import again.",
    ),
    "building",
)
NOT_NAMED = Unmatched(
    "unit_missing",
    Text("未写明户号或账户：请补填后重新导入", "Neither account nor unit is named: fill one in and import again."),
    "unit",
)

DISOWNED = Unmatched(
    "taken_back_here",
    Text(
        "该笔曾记入此户，已按记错户冲销：请改填正确的户号后重新导入",
        "It was taken back from this unit as another's: name the right unit and import again.",
    ),
    "unit",
)


class Matches(msgspec.Struct, frozen=True):
    """The accounts of a project that rows may belong to, as they stand."""

    states: dict[UUID, Versioned]
    by_unit: Mapping[str, tuple[UUID, ...]]
    project: UUID

    def of(self, row: AnyRow) -> UUID | Unmatched:
        """The account of a row."""
        if isinstance(row, BankRow) and row.account:
            named = _uuid(row.account)
            return NO_ACCOUNT if named is None or not self._here(named) else named
        if not row.unit:
            return NOT_NAMED
        exact = account_id(self.project, row.building, row.unit)
        if self._here(exact):
            return exact
        if row.building:
            return NO_ACCOUNT
        found = [account for account in self.by_unit.get(row.unit, ()) if self._here(account)]
        return found[0] if len(found) == 1 else AMBIGUOUS if found else NO_ACCOUNT

    def elsewhere(self, row: UnitRow) -> bool:
        """Whether a unit that no building is named of is known in some building."""
        own = account_id(self.project, row.building, row.unit)
        return not row.building and any(account != own for account in self.by_unit.get(row.unit, ()))

    def _here(self, account: UUID) -> bool:
        known = self.states.get(account)
        return known is not None and isinstance(known.state, FeeAccountState) and known.state.project_id == self.project


async def matches(
    connection: Connection, states: StateStore, tenant: UUID, project: UUID, rows: Iterable[ReadRow]
) -> Matches:
    """Read the accounts that rows may belong to, as of this transaction."""
    named = [row.command for row in rows if isinstance(row.command, BankRow | ReadingRow | UnitRow)]
    bare = sorted({row.unit for row in named if row.unit and not row.building})
    by_unit: dict[str, tuple[UUID, ...]] = {}
    for found in await connection.fetch(UNITS, tenant, project, bare):
        by_unit[found["unit"]] = (*by_unit.get(found["unit"], ()), found["account_id"])
    wanted = {account_id(project, row.building, row.unit) for row in named if row.unit}
    wanted |= {account for accounts in by_unit.values() for account in accounts}
    wanted |= {account for row in named if isinstance(row, BankRow) and (account := _uuid(row.account))}
    read = await states.read_many(connection, tenant, [(FEE_ACCOUNT.noun, account) for account in sorted(wanted)])
    return Matches(dict(read), by_unit, project)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
