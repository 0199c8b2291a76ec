"""Complaints told in steps for projections: each event is recorded at its complaint's own time."""

from contextlib import suppress
from datetime import UTC, timedelta
from uuid import UUID

from hypothesis import strategies as st

from domain.complaint import commands as c
from domain.kernel import Refusal
from projections.kernel import Folded
from tests.domain.complaint_given import CLERK, JOINT, PROJECT, Case

ACTS = {
    "assign": c.AssignComplaint(responsible=CLERK, joint=JOINT),
    "start": c.StartWork(),
    "consult": c.ConsultDepartment(department="工程部", note="问", concerned=True),
    "reply": c.ReplyToConsultation(department="工程部", reply="答"),
    "escalate": c.EscalateComplaint(reason="疑难"),
    "instruct": c.InstructComplaint(instruction="照办"),
    "propose": c.ProposeSolution(solution="三日内交付"),
    "answer": c.AnswerCustomer(answer="已办"),
    "pause": c.PauseComplaint(reason="等"),
    "resume": c.ResumeComplaint(),
    "settle": c.SettleComplaint(),
    "rate": c.RateComplaint(score=3),
    "reopen": c.ReopenComplaint(reason="未解决"),
    "withdraw": c.WithdrawComplaint(reason="算了"),
    "unfounded": c.CloseUnfounded(reason="不实"),
    "uphold": c.UpholdComplaint(project_id=PROJECT, month="2026-04", item_code="x1", note="属实"),
    "overturn": c.OverturnUpheld(reason="误"),
    "attribute": c.AttributeLateness(responsible=CLERK, joint=JOINT),
}


def act(case, name):
    """The command of an act, where it depends on how the complaint stands."""
    if name == "promise":
        day = case.calendar.local_date(case.now) + timedelta(days=2)
        return c.PromiseDate(promised_for=day, told_how="电话")
    if name in {"sign", "decline"}:
        department = next(iter(case.state.to_sign), "无此部门")
        return c.SignByDepartment(department=department, agrees=name == "sign", comment="")
    return ACTS[name]


USUAL = ("assign", "start", "propose", "sign", "sign", "answer", "settle")
steps = st.lists(
    st.one_of(
        st.sampled_from([*ACTS, "promise", "sign", "decline", *USUAL, *USUAL]),
        st.sampled_from([*USUAL]),
        st.integers(1, 4_000),
    ),
    max_size=30,
)


class Told:
    """Complaints told in steps: each event is recorded at the case's own time."""

    def __init__(self):
        self.log = []
        self.cases = []

    def begin(self, command, now):
        """One more complaint."""
        case = Case(command, now)
        self.cases.append((UUID(int=0xC0 + len(self.cases)), case))
        self._keep(case, case.events)
        return case

    def tell(self, case, told):
        """Steps: an act that may be refused, or minutes that pass with their deadlines firing."""
        for step in told:
            if isinstance(step, int):
                self._wait(case, step)
            else:
                with suppress(Refusal):
                    self._keep(case, case.send(act(case, step)))

    def _wait(self, case, minutes):
        target = case.now + timedelta(minutes=minutes)
        while due := case.due(target):
            case.now = max(case.now, due.due_at.astimezone(UTC))
            self._keep(case, case.send(due.command, person=None))
        case.now = target

    def _keep(self, case, events):
        stream = next(stream for stream, each in self.cases if each is case)
        version = sum(folded.stream_id == stream for folded in self.log)
        for event in events:
            version += 1
            self.log.append(Folded(len(self.log) + 1, stream, version, case.now, event))
