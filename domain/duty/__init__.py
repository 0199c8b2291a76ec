"""A duty (职责): something owed again and again, by somebody, in windows that end met or missed (R0.7, R12.5.1 …)."""

from domain.commanding import Commands
from domain.duty import commands as c
from domain.duty import events as e
from domain.duty import handlers, time
from domain.duty.state import DutyState, deadlines, evolve
from domain.kernel import Decider, Text

__all__ = ["DUTY", "DutyState"]

_spec = Commands(noun="duty", on_time=time.timely)

DUTY = Decider(
    noun="duty",
    plural="duties",
    title=Text(zh="职责", en="duty"),
    state=DutyState,
    statuses=("running", "suspended", "ended"),
    commands=(
        _spec(c.OpenDuty, handlers.open_duty, "设立职责", "Set up a duty", creates=True),
        _spec(
            c.EstablishDuty,
            handlers.establish,
            "按方案设立职责",
            "Set up a scheme's duty",
            creates=True,
            audience="internal",
        ),
        _spec(c.MeetDuty, handlers.meet, "履行职责", "Do what is owed"),
        _spec(c.CreditDuty, handlers.credit, "计入履职", "Count what was done elsewhere", audience="internal"),
        _spec(c.ReviseDuty, handlers.revise, "调整职责", "Change how often it is owed"),
        _spec(c.ApplyTerms, handlers.apply_terms, "适用新规定", "Take over other terms", audience="internal"),
        _spec(c.ReassignDuty, handlers.reassign, "移交职责", "Give it to another"),
        _spec(c.SuspendDuty, handlers.suspend, "暂停职责", "Suspend"),
        _spec(c.ResumeDuty, handlers.resume, "恢复职责", "Resume"),
        _spec(c.EndDuty, handlers.end, "终止职责", "End"),
        _spec(c.ExcuseLapse, handlers.excuse, "免责说明", "Excuse a lapse"),
        _spec(c.LapseDuty, time.lapse, "窗口届满", "Let a window lapse", audience="internal"),
    ),
    events=(
        e.DutyOpened,
        e.DutyPerformed,
        e.DutyMet,
        e.DutyMissed,
        e.LapseOverturned,
        e.DutyTermsChanged,
        e.DutyReassigned,
        e.DutySuspended,
        e.DutyResumed,
        e.DutyEnded,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
