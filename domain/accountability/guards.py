"""What several commands ask first: who acts, where the case stands, whom and what they name."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from domain.accountability.state import AccountabilityCaseState, Party
from domain.accountability.words import Coded, Interest
from domain.kernel import Context, Refusal, Text
from domain.rules.r4 import R4Rules, version

INTERESTS: Mapping[Interest, Text] = {
    "respondent": Text(zh="系问责对象", en="is a respondent"),
    "reporter": Text(zh="系举报人", en="is the reporter"),
    "relative": Text(zh="系当事人的近亲属", en="is a relative of a party"),
    "recused": Text(zh="已回避", en="has been recused"),
    "obstructed": Text(zh="曾妨碍调查", en="obstructed the investigation"),
    "handler_of_the_case_at_issue": Text(zh="曾经办被反映的案件", en="handled the case at issue"),
    "accused_of_abuse_here": Text(zh="因办理本案被追究", en="answers for the handling of this case"),
}
STAGES: Mapping[str, Text] = {
    "reported": Text(zh="待初步核实", en="waits for verification"),
    "verified": Text(zh="待提出建议", en="waits for a proposal"),
    "proposed": Text(zh="待决定提起", en="waits for the decision to initiate"),
    "investigating": Text(zh="调查中", en="is being investigated"),
    "investigated": Text(zh="待领导小组提出意见", en="waits for the leading group's opinion"),
    "heard": Text(zh="待形成决议", en="waits for a resolution"),
    "decided": Text(zh="待送达", en="waits for service of the decision"),
    "served": Text(zh="已送达", en="has been served"),
    "closed": Text(zh="已结案", en="is closed"),
    "dismissed": Text(zh="已终止", en="was dismissed"),
    "merged": Text(zh="已并案", en="was merged into another"),
}


def rules_of(state: AccountabilityCaseState, context: Context) -> R4Rules:
    """The rule values that the case began under."""
    return version(context, state.rule_version).values


def member(context: Context) -> UUID:
    """The person who acts; neither the system nor a key acts in a case."""
    if context.actor.kind != "member" or context.actor.id is None:
        raise Refusal(
            "person_required",
            zh="须由成员本人办理",
            en="Only a member in person does this.",
            clause="R4.14",
            kind="forbidden",
        )
    return context.actor.id


def official(state: AccountabilityCaseState, context: Context) -> UUID:
    """The person who acts in office: one without interest in the case (R4.21)."""
    person = member(context)
    interest = state.interested.get(person)
    if interest is not None:
        why = INTERESTS[interest]
        raise Refusal(
            "interested_person",
            zh=f"应当回避：操作人{why.zh}",
            en=f"Whoever acts on a case must have no interest in it; this person {why.en}.",
            clause="R4.21",
            kind="forbidden",
            details={"interest": interest},
        )
    return person


def uninterested(state: AccountabilityCaseState, persons: Iterable[UUID], field: str) -> None:
    """Refuse to seat somebody who is interested, or the same person twice (R4.21)."""
    seen: set[UUID] = set()
    for person in persons:
        interest = state.interested.get(person)
        if interest is not None:
            why = INTERESTS[interest]
            raise Refusal(
                "interested_person_named",
                zh=f"所列人员应当回避：{why.zh}",
                en=f"A person named must be recused: {why.en}.",
                clause="R4.21",
                kind="value",
                field=field,
                details={"person": str(person), "interest": interest},
            )
        if person in seen:
            raise Refusal(
                "person_named_twice", zh="同一人重复列出", en="A person is named twice.", kind="value", field=field
            )
        seen.add(person)


def standing(state: AccountabilityCaseState, *statuses: str) -> None:
    """Refuse a step out of its order, or while another case is asked to take this one in (R4.14)."""
    if state.status in statuses:
        if state.merging_into is not None:
            raise Refusal(
                "merge_pending",
                zh="并案申请尚未答复",
                en="Another case has been asked to take this one in; its answer is awaited.",
                clause="R4.14",
                details={"into": str(state.merging_into)},
            )
        return
    now = STAGES[state.status]
    raise Refusal(
        f"case_{state.status}",
        zh=f"案件{now.zh}，不能办理此步骤",
        en=f"The case {now.en}; this step is not in order.",
        clause="R4.14",
        details={"status": state.status, "possible_in": list(statuses)},
    )


def party(state: AccountabilityCaseState, respondent_id: UUID, field: str = "respondent_id") -> Party:
    """A respondent of the case."""
    found = state.parties.get(respondent_id)
    if found is None:
        raise Refusal(
            "respondent_unknown",
            zh="本案没有这一问责对象",
            en="The case has no such respondent.",
            kind="value",
            field=field,
        )
    return found


def coded(rules: R4Rules, grounds: Iterable[str], about_case: UUID | None, field: str = "grounds") -> tuple[Coded, ...]:
    """The grounds with their labels, each once.

    Raises `Refusal` for one that the rules do not list, and for abuse of the office without the case it was done in
    (R4.10, R4.23).
    """
    found = []
    for place, code in enumerate(dict.fromkeys(grounds)):
        ground = rules.ground(code)
        if ground is None:
            raise Refusal(
                "ground_unknown",
                zh="没有这一问责事由",
                en="There is no such ground.",
                clause="R4.10",
                kind="value",
                field=f"{field}[{place}]",
            )
        if ground.about_handlers and about_case is None:
            raise Refusal(
                "handled_case_missing",
                zh="滥用问责职权须指明所涉案件",
                en="Abuse of the office needs the case in which it was done.",
                clause="R4.23",
                kind="value",
                field=f"{field}[{place}]",
            )
        found.append(Coded(ground.code, ground.zh, ground.en))
    return tuple(found)


def bounded(count: int, most: int, zh: str, en: str) -> None:
    """Refuse one more than a case may hold."""
    if count > most:
        raise Refusal(
            "too_many", zh=f"{zh}最多{most}个", en=f"A case holds at most {most} {en}.", details={"most": most}
        )


def party_served(state: AccountabilityCaseState, respondent_id: UUID) -> Party:
    """A respondent upon whom the decision was served."""
    found = party(state, respondent_id)
    if found.served_on is None:
        raise Refusal(
            "not_served",
            zh="决定尚未送达该问责对象",
            en="The decision has not been served upon this respondent.",
            clause="R4.17",
        )
    return found


def not_to_come(day: date, context: Context, field: str) -> None:
    """Refuse a day that is yet to come."""
    if day > context.today:
        raise Refusal("in_the_future", zh="日期尚未到来", en="The day is yet to come.", kind="value", field=field)
