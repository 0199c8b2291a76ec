"""Tables of a projection as typed rows: a batch loads the rows it touches, changes them, writes them in one statement.

What earlier batches left is read before folding, so where one batch ends and the next begins changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from projections.kernel import Connection, arrays

_COLUMN_TYPES: dict[Any, str] = {
    UUID: "uuid",
    str: "text",
    int: "bigint",
    bool: "boolean",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
}

R = TypeVar("R", bound=msgspec.Struct)


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of a projection. Its columns are ``tenant_id``, ``build`` and the fields of ``row``.

    ``key`` names the fields that, with tenant and build, are the primary key. Names come out of our own code.
    """

    name: str
    row: type[R]
    key: tuple[str, ...]

    def key_of(self, row: R) -> tuple[Any, ...]:
        """The key of a row."""
        return tuple(getattr(row, field) for field in self.key)

    async def load(self, connection: Connection, tenant: UUID, build: int, **wanted: Iterable[Any]) -> list[R]:
        """The rows in which one column, named by the argument, holds one of the values."""
        ((column, values),) = wanted.items()
        listed = list(values)
        if not listed:
            return []
        rows = await connection.fetch(
            f"select {', '.join(self.row.__struct_fields__)} from {self.name}"  # noqa: S608 - names out of our own code
            f" where tenant_id = $1 and build = $2 and {column} = any ($3)",
            tenant,
            build,
            listed,
        )
        return [self.row(**dict(row)) for row in rows]

    async def load_keys(
        self, connection: Connection, tenant: UUID, build: int, keys: Iterable[tuple[Any, ...]]
    ) -> list[R]:
        """The rows of keys, each found by the primary key."""
        listed = list(keys)
        if not listed:
            return []
        matches = " and ".join(f"x.{column} = k.{column}" for column in self.key)
        rows = await connection.fetch(
            f"select {', '.join(f't.{column}' for column in self.row.__struct_fields__)}"  # noqa: S608 - names out of our own code
            f" from unnest({self._arrays(self.key)}) k({', '.join(self.key)})"
            f" join lateral (select * from {self.name} x where x.tenant_id = $1 and x.build = $2 and {matches}"
            " limit 1) t on true",
            tenant,
            build,
            *arrays(listed),
        )
        return [self.row(**dict(row)) for row in rows]

    async def save(self, connection: Connection, tenant: UUID, build: int, rows: Iterable[R]) -> None:
        """Insert or replace rows, all in one statement."""
        listed = list(rows)
        if listed:
            await connection.execute(self._save, tenant, build, *arrays(map(msgspec.structs.astuple, listed)))

    async def delete(self, connection: Connection, tenant: UUID, build: int, keys: Iterable[tuple[Any, ...]]) -> None:
        """Delete the rows of keys, all in one statement."""
        listed = list(keys)
        if listed:
            await connection.execute(self._delete, tenant, build, *arrays(listed))

    @property
    def _save(self) -> str:
        columns = self.row.__struct_fields__
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in self.key)
        return (
            f"insert into {self.name} (tenant_id, build, {', '.join(columns)})"  # noqa: S608 - names out of our own code
            f" select $1, $2, * from unnest({self._arrays(columns)})"
            f" on conflict (tenant_id, build, {', '.join(self.key)})"
            f" do {f'update set {changes}' if changes else 'nothing'}"
        )

    @property
    def _delete(self) -> str:
        # the first column is named once more, by its values: a join alone is planned on what is known of the table's
        # size, and on a young table may read all the tenant's rows
        matches = " and ".join(f"t.{column} = k.{column}" for column in self.key)
        first = self.key[0]
        return (
            f"delete from {self.name} t using unnest({self._arrays(self.key)}) k({', '.join(self.key)})"  # noqa: S608 - names out of our own code
            f" where t.tenant_id = $1 and t.build = $2 and t.{first} = any ($3) and {matches}"
        )

    def _arrays(self, columns: Iterable[str]) -> str:
        types = get_type_hints(self.row)
        return ", ".join(f"${n}::{_column_type(types[column])}[]" for n, column in enumerate(columns, 3))


def _column_type(annotation: Any) -> str:
    if get_origin(annotation) is UnionType:
        (annotation,) = (each for each in get_args(annotation) if each is not NoneType)
    return _COLUMN_TYPES[annotation]


class Rows(Generic[R]):
    """The rows of one table that a batch works on: loaded, made, changed or dropped, then written once."""

    def __init__(self, table: Table[R]) -> None:
        self._table = table
        self._rows: dict[tuple[Any, ...], R] = {}
        self._changed: set[tuple[Any, ...]] = set()
        self._dropped: set[tuple[Any, ...]] = set()

    async def load(self, connection: Connection, tenant: UUID, build: int, **wanted: Iterable[Any]) -> None:
        """Read rows by the values of one column; see `Table.load`."""
        for row in await self._table.load(connection, tenant, build, **wanted):
            self._rows.setdefault(self._table.key_of(row), row)

    async def load_keys(
        self, connection: Connection, tenant: UUID, build: int, keys: Iterable[tuple[Any, ...]]
    ) -> None:
        """Read rows by their keys; see `Table.load_keys`."""
        for row in await self._table.load_keys(connection, tenant, build, keys):
            self._rows.setdefault(self._table.key_of(row), row)

    def known(self) -> Iterable[R]:
        """Every row that was loaded or made."""
        return self._rows.values()

    def find(self, *key: Any) -> R | None:
        """The row of a key, not to be changed; none where there is none."""
        return self._rows.get(key)

    def change(self, *key: Any) -> R:
        """The row of a key, to be changed and then written; `KeyError` where there is none."""
        self._changed.add(key)
        return self._rows[key]

    def put(self, row: R) -> None:
        """A new row, or another in an old one's place."""
        key = self._table.key_of(row)
        self._rows[key] = row
        self._changed.add(key)
        self._dropped.discard(key)

    def drop(self, *key: Any) -> bool:
        """Drop the row of a key; whether there was one."""
        self._changed.discard(key)
        self._dropped.add(key)
        return self._rows.pop(key, None) is not None

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """Write what changed and delete what was dropped."""
        await self._table.delete(connection, tenant, build, self._dropped)
        await self._table.save(connection, tenant, build, (self._rows[key] for key in self._changed))
