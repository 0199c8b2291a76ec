"""The rule books of a tenant, and what each value of the rules is."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text, derived_id
from domain.organisation import Member
from domain.rule_book import RULE_BOOK, RuleBookState
from domain.rules.fields import RuleField
from domain.rules.registry import REGULATIONS
from domain.rules.regulation import Regulation
from projections.labels import ClauseRef, clause_ref
from services.api.asking import Asking, asking, query
from services.api.directory_queries import ValueOption, members_of
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest


class BookVersion(msgspec.Struct, frozen=True):
    """A published version; ``in_force`` today, which an earlier date's decisions need not have followed."""

    version: int
    effective_from: date
    in_force: bool


class BookAuthor(msgspec.Struct, frozen=True):
    """Somebody who had a part in a draft."""

    id: UUID
    name: str


class BookDraft(msgspec.Struct, frozen=True):
    """The open draft: the fields it changes, and who had a part in it and so may not publish it."""

    version: int
    changes: tuple[str, ...]
    authors: tuple[BookAuthor, ...]


class RuleBook(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's rules of one regulation; ``version`` is the stream's, for ``If-Match``."""

    id: UUID
    regulation: str
    title: Text
    status: str
    version: int
    reviewed_on: date
    versions: tuple[BookVersion, ...]
    draft: BookDraft | None


class RuleBookList(msgspec.Struct, frozen=True):
    """The rule books that the tenant has adopted."""

    items: list[RuleBook]


class RuleValue(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a regulation's rules.

    ``default`` is the shipped value, ``value`` the one in force today (``null`` before the rules are adopted).
    ``own``: the source is silent on it, so that it is the tenant's to set.
    """

    name: str
    kind: str
    label: Text
    clause: ClauseRef
    unit: str | None
    lowest: Decimal | None
    highest: Decimal | None
    reading: str | None
    options: tuple[ValueOption, ...]
    own: bool
    default: Any
    value: Any


class RuleValues(msgspec.Struct, frozen=True, kw_only=True):
    """Every value of a regulation's rules, in the order of the regulation; ``version`` is the one in force today."""

    regulation: str
    title: Text
    version: int | None
    items: list[RuleValue]


def rules_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/rule-books", "rule-books", "考核办法列表 · Rule books")
    async def rule_books(request: HttpRequest) -> Response[RuleBookList]:
        """Each adopted regulation with its versions and its open draft. Permission: `rule_book.read`."""
        async with asking(desk, request, "rule_book.read") as asked:
            return asked.answer(RuleBookList(await _books(desk, asked)))

    @query("/v1/rules/{regulation:str}/fields", "rule-books", "考核办法的各项取值 · Values of the rules")
    async def rule_fields(request: HttpRequest, regulation: FromPath[str]) -> Response[RuleValues]:
        """What can be set: label, clause, unit, bounds, readings, default and value. Permission: `rule_book.read`."""
        async with asking(desk, request, "rule_book.read") as asked:
            found = REGULATIONS.get(regulation)
            if found is None:
                raise Problem(404, "not_found", Text("没有这一制度的办法", "There are no rules of this regulation."))
            return asked.answer(await _values(desk, asked, found))

    return [rule_books, rule_fields]


async def _books(desk: Desk, asked: Asking) -> list[RuleBook]:
    people = await members_of(desk, asked)
    found = []
    for regulation in REGULATIONS.values():
        stream = derived_id(asked.tenant, "rule_book", regulation.id)
        read = await desk.runtime.states.read(asked.connection, asked.tenant, RULE_BOOK.noun, stream)
        if isinstance(read.state, RuleBookState):
            in_force = _in_force(asked, read.state)
            found.append(_book(stream, regulation, read.state, version=read.version, in_force=in_force, people=people))
    return found


def _book(  # noqa: PLR0913 - what a rule book is shown with
    stream: UUID,
    regulation: Regulation,
    state: RuleBookState,
    *,
    version: int,
    in_force: int | None,
    people: dict[UUID, Member],
) -> RuleBook:
    draft = state.draft
    return RuleBook(
        id=stream,
        regulation=regulation.id,
        title=regulation.title,
        status=state.status,
        version=version,
        reviewed_on=state.reviewed_on,
        versions=tuple(
            BookVersion(each.version, each.effective_from, each.version == in_force) for each in state.versions
        ),
        draft=None
        if draft is None
        else BookDraft(
            draft.version,
            draft.changes,
            tuple(
                BookAuthor(author, people[author].display_name if author in people else "") for author in draft.authors
            ),
        ),
    )


def _in_force(asked: Asking, state: RuleBookState) -> int | None:
    """The version that applies today: the last published of those whose day has come."""
    today = asked.now.astimezone(asked.zone).date()
    return next((each.version for each in reversed(state.versions) if each.effective_from <= today), None)


async def _values(desk: Desk, asked: Asking, regulation: Regulation) -> RuleValues:
    stream = derived_id(asked.tenant, "rule_book", regulation.id)
    read = await desk.runtime.states.read(asked.connection, asked.tenant, RULE_BOOK.noun, stream)
    version = _in_force(asked, read.state) if isinstance(read.state, RuleBookState) else None
    values: dict[str, Any] = {}
    if isinstance(read.state, RuleBookState):
        values = next((each.values for each in read.state.versions if each.version == version), {})
    defaults = regulation.default_values()
    return RuleValues(
        regulation=regulation.id,
        title=regulation.title,
        version=version,
        items=[_value(field, getattr(defaults, field.name), values.get(field.name)) for field in regulation.fields()],
    )


def _value(field: RuleField, default: Any, value: Any) -> RuleValue:
    return RuleValue(
        name=field.name,
        kind=field.kind,
        label=field.label,
        clause=clause_ref(field.clause),
        unit=field.unit,
        lowest=field.lowest,
        highest=field.highest,
        reading=field.reading,
        options=tuple(ValueOption(option.value, option.label) for option in field.options),
        own=field.own,
        default=default,
        value=value,
    )
