"""How a complaint is worked on: assigned, consulted about, put before a level, solved, signed, answered."""

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import step
from domain.complaint.guards import answerable, must_be, must_be_open, must_run, person_of, rules_of
from domain.complaint.state import ComplaintState
from domain.kernel import Context, Event, Refusal

MAX_DEPARTMENTS = 20


def assign(state: ComplaintState, command: c.AssignComplaint, context: Context) -> tuple[Event, ...]:
    """Make somebody responsible, or somebody else."""
    must_be_open(state)
    joint = answerable(command.responsible, command.joint, rules_of(state, context))
    return (
        e.ComplaintAssigned(
            responsible=command.responsible,
            joint=joint,
            previous=state.responsible,
            rule_version=state.rule_version,
        ),
    )


def start_work(state: ComplaintState, _: c.StartWork, context: Context) -> tuple[Event, ...]:
    """Take the complaint up."""
    must_be(state, "assigned")
    must_run(state)
    return (e.WorkStarted(started_by=context.actor.id),)


def record_progress(state: ComplaintState, command: c.RecordProgress, _: Context) -> tuple[Event, ...]:
    """Note what has been done, also while the customer is waited for."""
    must_be(state, "working", "proposed", "signed", "answered")
    return (e.ProgressRecorded(note=command.note, evidence=command.evidence),)


def consult(state: ComplaintState, command: c.ConsultDepartment, _: Context) -> tuple[Event, ...]:
    """Ask a department; before the solution is proposed, for its signature may be needed."""
    must_be(state, "assigned", "working")
    if state.consulted.get(command.department) is False:
        raise Refusal("asked_already", zh="该部门尚未答复上次会商", en="This department still owes an answer.")
    known = {*state.departments, *state.consulted}
    if command.department not in known and len(known) >= MAX_DEPARTMENTS:
        raise Refusal("too_many", zh=f"最多涉及{MAX_DEPARTMENTS}个部门", en=f"At most {MAX_DEPARTMENTS} departments.")
    return (e.DepartmentConsulted(department=command.department, note=command.note, concerned=command.concerned),)


def reply(state: ComplaintState, command: c.ReplyToConsultation, context: Context) -> tuple[Event, ...]:
    """Answer for a department that was asked."""
    must_be_open(state)
    if state.consulted.get(command.department) is not False:
        raise Refusal(
            "not_asked",
            zh="该部门没有待答复的会商",
            en="Nothing was asked of this department.",
            kind="value",
            field="department",
        )
    return (
        e.ConsultationReplied(
            department=command.department,
            reply=command.reply,
            replied_by=context.actor.id,
            evidence=command.evidence,
        ),
    )


def escalate(state: ComplaintState, command: c.EscalateComplaint, context: Context) -> tuple[Event, ...]:
    """Put an unclear case before the next level, whose time runs from now (R11.2.3)."""
    must_be(state, "assigned", "working")
    must_run(state)
    if state.instruction_awaited:
        raise Refusal("instruction_awaited", zh="正在等待批示", en="An instruction is awaited.", clause="R11.2.3")
    if state.next_level is None:
        raise Refusal("ladder_at_top", zh="已报至最高层级", en="The highest level has been told.", clause="R11.2.3")
    reached, rules = state.next_level, rules_of(state, context)
    return (
        e.ComplaintEscalated(
            level=reached.level,
            role=reached.role,
            channel=reached.channel,
            cause="asked",
            reason=command.reason,
            next_level=step(reached.level + 1, context.now, rules, context.calendar),
            rule_version=state.rule_version,
        ),
    )


def instruct(state: ComplaintState, command: c.InstructComplaint, context: Context) -> tuple[Event, ...]:
    """Decide what was put before a level; the one who is responsible does not decide it himself (R11.2.3)."""
    must_be_open(state)
    person = person_of(context)
    if not state.instruction_awaited:
        raise Refusal(
            "no_instruction_awaited", zh="没有待批示的事项", en="No instruction is awaited.", clause="R11.2.3"
        )
    if person == state.responsible:
        raise Refusal(
            "own_question",
            zh="经办人不得自行批示",
            en="Whoever is responsible does not instruct himself.",
            clause="R11.2.3",
            kind="forbidden",
        )
    return (e.ComplaintInstructed(instruction=command.instruction, instructed_by=person),)


def propose(state: ComplaintState, command: c.ProposeSolution, _: Context) -> tuple[Event, ...]:
    """Propose a solution, once nothing is left to be decided above (R11.2.3, R11.2.4)."""
    must_be(state, "working")
    must_run(state)
    if state.instruction_awaited:
        raise Refusal(
            "instruction_awaited",
            zh="疑难事项须待上级批示，不得自行处理",
            en="A case put before a level is not decided before it is instructed.",
            clause="R11.2.3",
        )
    if not state.departments:
        raise Refusal(
            "no_department",
            zh="尚未确定相关部门",
            en="No department is concerned yet, so that nobody could sign.",
            clause="R11.2.4",
        )
    return (e.SolutionProposed(solution=command.solution, to_sign=state.departments, evidence=command.evidence),)


def sign(state: ComplaintState, command: c.SignByDepartment, context: Context) -> tuple[Event, ...]:
    """Sign for a department concerned, once; or decline, and the solution is to be made anew (R11.2.4)."""
    must_be(state, "proposed")
    must_run(state)
    if command.department not in state.departments:
        raise Refusal(
            "department_not_concerned",
            zh="该部门不在相关部门之列",
            en="This department is not concerned.",
            clause="R11.2.4",
            kind="value",
            field="department",
        )
    if command.department in state.signatures:
        raise Refusal(
            "signed_already",
            zh="该部门已签字",
            en="This department has signed.",
            clause="R11.2.4",
            kind="value",
            field="department",
        )
    if not command.agrees:
        declined = e.DepartmentDeclined(
            department=command.department, comment=command.comment, declined_by=context.actor.id
        )
        return (declined,)
    return (
        e.DepartmentSigned(
            department=command.department,
            comment=command.comment,
            signed_by=context.actor.id,
            complete=state.to_sign == (command.department,),
        ),
    )


def answer(state: ComplaintState, command: c.AnswerCustomer, context: Context) -> tuple[Event, ...]:
    """Tell the complainant, once all departments have signed."""
    must_be(state, "signed")
    must_run(state)
    return (e.CustomerAnswered(answer=command.answer, answered_by=context.actor.id, evidence=command.evidence),)
