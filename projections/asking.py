"""How questions are put to a projection's tables: a select out of a ``.sql`` file, narrowed by what was asked for.

Conditions that were not asked for do not stand in the statement, so that each filter finds its own index.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Self
from uuid import UUID

from projections.kernel import Connection


@cache
def select(name: str) -> str:
    """The statement ``<name>.sql`` beside this module; its parameter ``$1`` is the tenant."""
    return resources.files("projections").joinpath(f"{name}.sql").read_text("utf-8")


class Question:
    """A select that ends in its conditions, with more of them to come."""

    def __init__(self, name: str, tenant: UUID, *values: Any) -> None:
        self._text = [select(name)]
        self._values: list[Any] = [tenant, *values]

    def where(self, condition: str, *values: Any) -> Self:
        """Ask also for this; each ``{}`` in it stands for one value. A lone ``None`` asks for nothing."""
        if values == (None,):
            return self
        places = [f"${len(self._values) + n}" for n in range(1, len(values) + 1)]
        self._values += values
        self._text.append("and " + condition.format(*places))
        return self

    def then(self, clause: str) -> Self:
        """What stands after the conditions: grouping, order."""
        self._text.append(clause)
        return self

    def statement(self, limit: int) -> tuple[str, list[Any]]:
        """The statement and its values."""
        return "\n".join([*self._text, f"limit ${len(self._values) + 1}"]), [*self._values, limit]

    async def rows(self, connection: Connection, limit: int) -> Sequence[Any]:
        """The first rows of the answer, by the order that was asked for."""
        text, values = self.statement(limit)
        return await connection.fetch(text, *values)


async def position_of(connection: Connection, tenant: UUID, *names: str) -> int:
    """The position that the live builds of these projections have come to; to be asked before their rows are read."""
    rows = await connection.fetch(
        "select coalesce(min(coalesce(p.position, 0)), 0) as position from unnest($2::text[]) n(name)"
        " left join projections p on p.tenant_id = $1 and p.name = n.name and p.status = 'live'",
        tenant,
        list(names),
    )
    position: int = rows[0]["position"]
    return position
