"""Decides commands as the system and appends what they cause, many in one transaction.

States are read in the transaction and chained in memory. An append checks each stream's version and the
configuration's epoch, so a decision taken on a state that was overtaken is refused by the store. What leaves no event
(a refusal, nothing to do) is checked by nobody: it counts only when the ledger was locked before the states were read.
"""

from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from domain.kernel import Command, Context, Refusal, State
from infra.database import Connection
from infra.eventstore import append_on
from infra.recordings import Clash, Outcome, Recording
from infra.states import ABSENT, Versioned
from services.runtime.config import TenantConfig
from services.runtime.principal import SYSTEM
from services.runtime.recording import Decision, taken, to_recording
from services.worker.work import Work

SINGLE_READS = 3
"""Up to so many streams are read one by one through the cache, more of them in one query."""


async def read_states(
    work: Work, connection: Connection, tenant: UUID, streams: Iterable[tuple[str, UUID]]
) -> dict[UUID, Versioned]:
    """The states of streams, given as noun and id, as of this transaction."""
    wanted = list(dict.fromkeys(streams))
    if len(wanted) > SINGLE_READS:
        return await work.runtime.states.read_many(connection, tenant, wanted)
    return {stream: await work.runtime.states.read(connection, tenant, noun, stream) for noun, stream in wanted}


class Sending:
    """The commands of one transaction."""

    def __init__(self, work: Work, tenant: UUID, config: TenantConfig, states: dict[UUID, Versioned]) -> None:
        self._work = work
        self._tenant = tenant
        self._config = config
        self._states = states
        self._first = dict(states)
        self._nouns: dict[UUID, str] = {}
        self._waves: list[list[Recording]] = []
        self._after: list[tuple[str, State | None]] = []
        self._wave: dict[UUID, bool] = {}
        """The streams of the last wave, and whether what was last sent to them holds anything."""

    def send(  # noqa: PLR0913 - what is sent and where it comes from
        self,
        noun: str,
        stream: UUID,
        command: Command,
        *,
        entropy: bytes,
        causation: str,
        correlation: str | None = None,
        spent: tuple[str, ...] = (),
        by_day: bool = False,
    ) -> bool:
        """Decide a command; whether it caused events. Raises ``KeyError`` for an unknown noun, and `Refusal`.

        ``spent`` names the stream's deadlines that are done with in any case. ``by_day``: what caused it is dated by
        the day alone, and so is this.
        """
        context = Context(
            actor=SYSTEM.actor,
            now=self._work.runtime.clock(),
            calendar=self._config.calendar,
            rules=self._config.rules,
            entropy=entropy,
            stream_id=stream,
            office=self._config.office,
        )
        decider, before = self._work.deciders[noun], self._states.get(stream, ABSENT)
        decision = Decision(
            decider=decider,
            stream=stream,
            before=before,
            command=command,
            events=decider.decide(before.state, command, context),
            context=context,
            epoch=self._config.epoch,
            correlation=correlation,
            causation=causation,
            by_day=by_day,
        )
        if not decision.events:
            return False
        recording, after = to_recording(self._work.runtime.mapper, decision, spent=spent)
        self._add(stream, recording)
        self._after.append((noun, after.state))
        self._states[stream] = after
        self._nouns[stream] = noun
        return True

    def _add(self, stream: UUID, recording: Recording) -> None:
        """Put it into the last wave, behind what it builds on, or begin another.

        What holds a resource may be refused alone, and with it what builds on it: that goes into the next statement.
        """
        holding = bool(recording.held or recording.released)
        if not self._waves or self._wave.get(stream, False) or (holding and stream in self._wave):
            self._waves.append([])
            self._wave = {}
        self._waves[-1].append(replace(recording, continues=stream in self._wave))
        self._wave[stream] = holding

    def state(self, stream: UUID) -> State | None:
        """A stream's state after what was sent to it."""
        return self._states.get(stream, ABSENT).state

    async def append(self, connection: Connection) -> list[Outcome]:
        """Append what was decided, in order; the outcome of each command that caused events."""
        return [outcome for wave in self._waves for outcome in await append_on(connection, self._tenant, wave)]

    def taken(self, place: int, clash: Clash) -> Refusal:
        """The refusal of the command at a place among those that caused events, which the store met with a clash."""
        noun, state = self._after[place]
        return taken([(self._work.deciders[noun], state)], clash)

    async def remember(self) -> None:
        """Keep the states; to be called once they are committed."""
        states = self._work.runtime.states
        for stream, noun in self._nouns.items():
            before, after = self._first.get(stream, ABSENT), self._states[stream]
            states.remember(self._tenant, noun, stream, after)
            if states.snapshot_is_due(self._tenant, noun, stream, before.version, after.version):
                await states.write_snapshot(self._work.runtime.database, self._tenant, noun, stream, after)
