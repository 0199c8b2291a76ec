"""Penalty ledgers of a few people and a unit, told in commands for projections; what is refused does not happen."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal
from domain.organisation.messages import DepartmentAssigned, MemberAdded
from domain.penalty_ledger import PENALTY_LEDGER
from domain.penalty_ledger import commands as c
from domain.reactions.penalties import ledger_id
from projections.kernel import Folded

PEOPLE = tuple(UUID(int=number) for number in (0xE1, 0xE2, 0xE3))
UNIT = "logistics"
SUBJECTS = (*(("person", str(person)) for person in PEOPLE), ("unit", UNIT))
OFFICER, ORGANISATION = UUID(int=0xEF), UUID(int=0xE0)
CAUSES = (c.CauseRef(UUID(int=9), 3),)
DEPARTMENTS = ("销售部", "财务部", None)

KEYS = st.sampled_from([f"e{n}" for n in range(6)])
WHO = st.integers(0, len(SUBJECTS) - 1)
issued = st.tuples(
    st.just("issue"),
    WHO,
    KEYS,
    st.integers(1, 50_000),
    st.sampled_from(["R11.2.2", "R11.3", "R11.1.13"]),
    st.sampled_from(["act0", "act1"]),
    st.sampled_from(["heavier", "both"]),
)
others = st.tuples(st.sampled_from(["reverse", "contest", "uphold", "dismiss", "waive", "settle"]), WHO, KEYS)
moved = st.tuples(st.just("move"), st.integers(0, len(PEOPLE) - 1), st.sampled_from(DEPARTMENTS))
passed = st.tuples(st.just("pass_"), st.integers(1, 40))
steps = st.lists(st.one_of(issued, issued, others, others, moved, passed), max_size=40)


class Told:
    """The log of all that happened, and the ledgers as they stand."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
        self.states = {}
        self.versions = {}
        self.log = []
        self.paid = 0
        for person, department in zip(PEOPLE, DEPARTMENTS, strict=True):
            added = MemberAdded(
                member_id=person, username=str(person), display_name="某人", roles=(), department=department
            )
            self._keep(ORGANISATION, [added])

    def tell(self, told):
        """Try each step."""
        for name, *arguments in told:
            with suppress(Refusal):
                getattr(self, name)(*arguments)

    def move(self, person, department):
        """A member works elsewhere from now on."""
        self._keep(ORGANISATION, [DepartmentAssigned(member_id=PEOPLE[person], department=department)])

    def issue(self, who, key, amount_fen, clause, act, overlap="heavier"):  # noqa: PLR0917 - what a fine is made of
        """A fine."""
        kind, subject = SUBJECTS[who]
        command = c.IssueEntry(
            subject_kind=kind,
            subject=subject,
            entry_key=key,
            kind="fine",
            amount_fen=amount_fen,
            clause=clause,
            rule_version=1,
            overlap=overlap,
            causes=CAUSES,
            act=act,
        )
        self._send(who, command)

    def reverse(self, who, key):
        """Its ground is gone."""
        self._send(who, c.ReverseEntry(entry_key=key, reason="改判", causes=CAUSES))

    def contest(self, who, key):
        """The subject objects."""
        person = PEOPLE[who] if who < len(PEOPLE) else OFFICER
        self._send(who, c.ContestEntry(entry_key=key, reason="不服"), person)

    def uphold(self, who, key):
        """The objection fails."""
        self._send(who, c.DecideContest(entry_key=key, upheld=True, reason="维持"))

    def dismiss(self, who, key):
        """The objection is right."""
        self._send(who, c.DecideContest(entry_key=key, upheld=False, reason="撤销"))

    def waive(self, who, key):
        """What is owed is forgiven."""
        self._send(who, c.WaiveEntry(entry_key=key, reason="初犯"))

    def settle(self, who, key):
        """It is paid, or paid back."""
        self.paid += 1
        self._send(who, c.SettleEntry(entry_key=key, reference=f"工资单-{self.paid}"))

    def pass_(self, days):
        """Days go by."""
        self.now += timedelta(days=days)

    def _send(self, who, command, person=OFFICER):
        stream = ledger_id(*SUBJECTS[who])
        context = Context(actor=Actor(kind="member", id=person), now=self.now, calendar=Calendar())
        events = PENALTY_LEDGER.decide(self.states.get(stream), command, context)
        self.states[stream] = PENALTY_LEDGER.fold(self.states.get(stream), events)
        self._keep(stream, events)

    def _keep(self, stream, events):
        for event in events:
            version = self.versions[stream] = self.versions.get(stream, 0) + 1
            self.log.append(Folded(len(self.log) + 1, stream, version, self.now, event))
