"""The few types every aggregate is made of: command, event, state, decider, context, refusal, deadline.

An aggregate is a *decider*: ``decide(state, command, context)`` answers with events or refuses,
``evolve(state, event)`` folds one event into the state, ``deadlines(state)`` says what is still owed.
All of it is pure. Guards live in ``decide`` alone, so replay never consults today's rules.
"""

import hashlib
import re
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID, uuid5

import msgspec

from domain.calendar import Calendar
from domain.office import Office

NAMESPACE = UUID("6f0c1f0e-5a58-5d7e-9d2c-6b616f686500")
"""Root of every derived identifier; never changes."""


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an actor asks for, in the imperative. Unknown fields are refused."""


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    """What happened, in the past tense. Unknown fields are ignored, so that fields may be added.

    Each subclass names its stable tag, ``class MonthOpened(Event, tag="property_project.month_opened")``.
    An event that applied a rule carries ``clause`` and, where values were consulted, ``rule_version``.
    """


class State(msgspec.Struct, frozen=True):
    """What the events of one stream add up to. ``status`` names where in its life it stands."""

    status: str


class Text(msgspec.Struct, frozen=True):
    """A sentence for people, Chinese first."""

    zh: str
    en: str


RefusalKind = Literal["state", "value", "forbidden"]


class Refusal(Exception):  # noqa: N818 - the field's word; a refusal is an answer, not a fault
    """A command that the rules or the state do not allow.

    ``kind`` decides the HTTP status: ``state`` 409, ``value`` 422, ``forbidden`` 403. ``code`` is stable
    and machine-readable, ``field`` names the offending command field of a ``value`` refusal.
    """

    def __init__(  # noqa: PLR0913 - each argument is a part of the answer the reader sees
        self,
        code: str,
        *,
        zh: str,
        en: str,
        clause: str | None = None,
        kind: RefusalKind = "state",
        field: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.text = Text(zh=zh, en=en)
        self.clause = clause
        self.kind = kind
        self.field = field
        self.details = dict(details or {})


ActorKind = Literal["member", "api_key", "system", "ballot_link", "reporter", "operator"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts. ``id`` is the member's id, also for an API key; ``name`` is shown to auditors."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()


class RuleVersion(msgspec.Struct, frozen=True):
    """One published version of one regulation's rules: in force from ``effective_from`` on."""

    version: int
    effective_from: date
    values: msgspec.Struct
    """The typed rule values, e.g. ``domain.rules.r14.R14Rules``."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """All that the outside world contributes to a decision.

    ``rules`` maps a regulation (``"R14"``) to its published versions, oldest first by effective date.
    ``entropy`` is 32 fresh random bytes (for a reaction: derived from its cause), recorded where it is used.
    """

    actor: Actor
    now: datetime
    calendar: Calendar
    rules: Mapping[str, tuple[RuleVersion, ...]] = {}
    entropy: bytes = b""
    stream_id: UUID | None = None
    """The stream the command is sent to, from which the ids of its neighbours are derived."""
    office: Office = Office()
    """The organisation as papers name it: how it is called, how it numbers, what its people are called."""

    def own_id(self) -> UUID:
        """The id of the stream being decided; `ValueError` where the sender left it out."""
        if self.stream_id is None:
            raise ValueError("the context does not name the stream it decides")
        return self.stream_id

    def new_id(self, label: str) -> UUID:
        """A new identifier that this command alone can produce under this label."""
        return UUID(bytes=hashlib.sha256(self.entropy + label.encode()).digest()[:16], version=4)

    @property
    def today(self) -> date:
        """The tenant's date at the instant of the decision."""
        return self.calendar.local_date(self.now)


class Deadline(msgspec.Struct, frozen=True):
    """Something a stream owes by an instant. ``key`` is unique within the stream.

    When ``due_at`` has passed and the stream still owes it, the worker sends ``command`` to the stream
    as the system, once.
    """

    key: str
    due_at: datetime
    command: Command


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that a stream holds from one instant to another; for good without an end. ``key`` is the stream's.

    No two streams hold one resource (``kind`` and ``resource_id``) at once: the store refuses the later one, which is
    told the ``clause`` and who holds it.
    """

    key: str
    kind: str
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    clause: str | None = None


def holds_nothing(_: State) -> tuple[Reservation, ...]:
    """What most streams hold."""
    return ()


S = TypeVar("S", bound=State)
Audience = Literal["member", "internal", "public"]


class CommandSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command of one aggregate: who may send it, what it does, and the function that decides it.

    ``handler(state, command, context)`` returns the events. For a command that ``creates`` the stream,
    ``state`` is ``None``; for one that ``opens`` it may be, the first command beginning the stream; for all others it
    never is. ``internal`` commands come only from reactions and
    deadlines; ``public`` ones from a route of their own without an account.
    """

    command: type[Command]
    handler: Callable[..., tuple[Event, ...]]
    permission: str
    summary: Text
    clause: str | None = None
    creates: bool = False
    opens: bool = False
    audience: Audience = "member"
    own_route: bool = False
    """For a member's command that a hand-written route sends, which prepares what members cannot say themselves."""
    stream_id: Callable[[UUID, Any], UUID] | None = None
    """For a creating command whose stream id follows from the tenant and the command, so that a second is refused."""

    @property
    def name(self) -> str:
        """The command's name on the wire: ``RecordFinding`` is ``record_finding``."""
        return command_name(self.command)


class Decider(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """One aggregate, complete: everything that routes, store, worker and generic tests need to know of it.

    ``configuration`` marks streams (organisation, rule book) whose every event changes what other decisions
    of the tenant depend on; appending to one makes decisions taken under the older configuration start over.
    ``private`` marks streams that hold personal data, each reading of which is noted. ``sealed`` names fields whose
    values no reading shows; ``day_only(state, event)`` tells the events whose hour none shows, by the state before.
    """

    noun: str
    plural: str
    title: Text
    state: type[S]
    statuses: tuple[str, ...]
    commands: tuple[CommandSpec, ...]
    events: tuple[type[Event], ...]
    evolve: Callable[[S | None, Event], S]
    deadlines: Callable[[S], tuple[Deadline, ...]] = lambda _: ()
    reservations: Callable[[S], tuple[Reservation, ...]] = holds_nothing
    configuration: bool = False
    private: bool = False
    sealed: frozenset[str] = frozenset()
    day_only: Callable[[S | None, Event], bool] = lambda *_: False
    about: Callable[[S], tuple[str, UUID]] | None = None
    """For papers: noun and id of the stream that one is about. Who may read that may read it; each reading is noted."""
    kept_from: Callable[[S], Container[UUID]] | None = None
    """The members who may not read a stream as it stands now, whatever their roles; without it, nobody."""

    @property
    def reserves(self) -> bool:
        """Whether streams of this noun hold anything for a time."""
        return self.reservations is not holds_nothing

    def spec(self, command: type[Command]) -> CommandSpec:
        """The specification of a command class of this aggregate."""
        for spec in self.commands:
            if spec.command is command:
                return spec
        raise KeyError(command)

    def decide(self, state: S | None, command: Command, context: Context) -> tuple[Event, ...]:
        """Answer a command with the events it causes, or raise `Refusal`."""
        spec = self.spec(type(command))
        if spec.creates and state is not None:
            raise Refusal(
                "already_exists",
                zh=f"该{self.title.zh}已存在",
                en=f"This {self.title.en} exists already.",
            )
        if state is None and not spec.creates and not spec.opens:
            raise not_found(self.title)
        return spec.handler(state, command, context)

    def fold(self, state: S | None, events: "tuple[Event, ...] | list[Event]") -> S | None:
        """Fold events, oldest first, into a state."""
        for event in events:
            state = self.evolve(state, event)
        return state


def command_name(command: type[Command]) -> str:
    """The snake-case name of a command class."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def not_found(title: Text) -> Refusal:
    """The one answer for an id that does not exist, or exists elsewhere."""
    return Refusal("not_found", zh=f"未找到该{title.zh}", en=f"There is no such {title.en}.")


def derived_id(*parts: object) -> UUID:
    """An identifier that follows from its parts, the same wherever it is computed."""
    return uuid5(NAMESPACE, ":".join(str(part) for part in parts))


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """The stored event that a reaction answers: its stream, its place there, and its place in the tenant's order."""

    stream_id: UUID
    stream_version: int
    position: int


class Dispatch(msgspec.Struct, frozen=True):
    """A command that a reaction sends to a stream."""

    noun: str
    stream_id: UUID
    command: Command


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """Where nouns meet: an event of one aggregate becomes commands on others, by id, purely.

    The runner decides and appends them in the transaction that moves the reaction's own position,
    so each happens exactly once. With ``with_state``, ``react`` is also given the state of the cause's stream as the
    event left it, for what must say more than the event does.
    """

    name: str
    events: tuple[type[Event], ...]
    react: Callable[..., tuple[Dispatch, ...]]
    with_state: bool = False
    when: Callable[[Any], bool] = lambda _: True
    """Whether an event concerns it at all, as the event alone tells: no state is read for one that does not."""

    def answer(self, event: Event, cause: Cause, state: State | None) -> tuple[Dispatch, ...]:
        """What it sends because of an event; ``state`` is that of the cause's stream, where it asks for it."""
        if not self.when(event):
            return ()
        return self.react(event, cause, state) if self.with_state else self.react(event, cause)
