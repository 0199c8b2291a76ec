"""What an assessment that is not closed still lacks."""

from typing import Literal

import msgspec

from domain.assessment.state import AssessmentState
from domain.kernel import Text
from domain.scorecard import Group

Weight = Literal["blocks", "gap", "note"]


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """One thing missing.

    ``blocks``: the month can not be closed; ``gap``: it can, with a reason; ``note``: worth knowing.
    ``subject`` is the content or group meant, ``have`` of ``want`` counts where there is something to count.
    """

    code: str
    weight: Weight
    label: Text
    clause: str
    subject: str | None = None
    have: int | None = None
    want: int | None = None

    @property
    def name(self) -> str:
        """Code and subject in one, as a closed month keeps it."""
        return self.code if self.subject is None else f"{self.code}:{self.subject}"


def lacks(state: AssessmentState) -> tuple[Lack, ...]:
    """What is missing, in the order of the procedure (R14.3); nothing once the month is closed."""
    if state.status == "closed":
        return ()
    return (*_representatives(state), *_results(state), *_ballots(state), *_survey(state), *_corrections(state))


def _representatives(state: AssessmentState) -> tuple[Lack, ...]:
    want = state.staff_representatives + state.student_representatives
    have = len(state.staff) + len(state.students)
    if have >= want:
        return ()
    undrawn = state.seed is None
    return (
        Lack(
            code="representatives",
            weight="gap" if undrawn else "note",
            label=Text(zh="尚未抽取代表", en="Representatives not drawn")
            if undrawn
            else Text(zh="代表人数不足", en="Fewer representatives than the rules name"),
            clause="R14.4",
            have=have,
            want=want,
        ),
    )


def _results(state: AssessmentState) -> tuple[Lack, ...]:
    return tuple(
        Lack(
            code="content_result",
            weight="gap",
            label=Text(zh=f"缺少“{content.zh}”的考核结果", en=f"No result for {content.en}"),
            clause="R14.3",
            subject=content.code,
        )
        for content in state.awaited
        if content.code not in state.results
    )


def _ballots(state: AssessmentState) -> tuple[Lack, ...]:
    valid = [ballot.group for ballot in state.ballots.values() if not ballot.voided]
    found = []
    if not valid:
        found.append(
            Lack(
                code="ballots",
                weight="blocks" if state.ballots_required else "gap",
                label=Text(zh="没有有效选票", en="No valid ballot"),
                clause="R14.2.3",
                have=0,
            )
        )
    seats: tuple[tuple[Group, int, Text], ...] = (
        ("staff", len(state.staff), Text(zh="教职工", en="staff")),
        ("students", len(state.students), Text(zh="学生", en="students")),
    )
    found += [
        Lack(
            code="group_ballots",
            weight="note",
            label=Text(zh=f"{name.zh}选票少于代表人数", en=f"Fewer ballots of {name.en} than seats"),
            clause="R14.2.2",
            subject=group,
            have=valid.count(group),
            want=want,
        )
        for group, want, name in seats
        if valid.count(group) < want
    ]
    return tuple(found)


def _survey(state: AssessmentState) -> tuple[Lack, ...]:
    if state.status != "open":
        return ()
    label = Text(zh=f"满意度调查至{state.survey_closes_on}截止", en=f"The survey runs until {state.survey_closes_on}")
    return (Lack(code="survey_open", weight="blocks", label=label, clause="R14.3"),)


def _corrections(state: AssessmentState) -> tuple[Lack, ...]:
    due = sum(1 for one in state.findings.values() if one.correction in {"due", "lapsed"} and not one.overturned)
    if not due:
        return ()
    label = Text(zh="有轻微问题尚未整改", en="Minor findings not yet corrected")
    return (Lack(code="corrections", weight="note", label=label, clause="R14.2.4", have=due),)
