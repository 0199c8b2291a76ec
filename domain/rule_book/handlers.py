"""How a rule book answers its commands."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Context, Event, Refusal
from domain.rule_book.messages import (
    AdoptPack,
    DraftRevised,
    DraftVersion,
    DraftWithdrawn,
    PackAdopted,
    PublishVersion,
    RecordReviewWithoutChange,
    ReviseDraft,
    RulesReviewed,
    VersionDrafted,
    VersionPublished,
    WithdrawDraft,
)
from domain.rule_book.state import Draft, RuleBookState
from domain.rules.registry import REGULATIONS
from domain.rules.regulation import Regulation

MAX_VERSIONS = 1000
_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


def adopt_pack(_: None, command: AdoptPack, context: Context) -> tuple[Event, ...]:
    """Adopt the shipped values; one person suffices, since the product vouches for them."""
    regulation = REGULATIONS.get(command.regulation)
    if regulation is None:
        raise Refusal(
            "regulation_unknown",
            zh="没有这一制度",
            en="There is no such regulation.",
            kind="value",
            field="regulation",
            details={"known": sorted(REGULATIONS)},
        )
    return (
        PackAdopted(
            regulation=regulation.id,
            version=1,
            effective_from=command.effective_from,
            values=_stored(regulation.default_values()),
            adopted_on=context.today,
            clause=regulation.in_force_clause,
        ),
    )


def draft_version(state: RuleBookState, command: DraftVersion, context: Context) -> tuple[Event, ...]:
    """Open a draft over the latest published version, if none is open."""
    if state.draft is not None:
        raise Refusal(
            "draft_open",
            zh="已有未发布的草案",
            en="A draft is open already; revise or withdraw it.",
            clause="R0.7",
            details={"version": state.draft.version},
        )
    if len(state.versions) >= MAX_VERSIONS:
        raise Refusal("too_many_versions", zh=f"最多{MAX_VERSIONS}个版本", en=f"At most {MAX_VERSIONS} versions.")
    values, changes = _merged(state, state.latest.values, command.changes)
    return (
        VersionDrafted(
            version=state.latest.version + 1,
            values=values,
            changes=changes,
            note=command.note,
            drafted_by=_person(context),
        ),
    )


def revise_draft(state: RuleBookState, command: ReviseDraft, context: Context) -> tuple[Event, ...]:
    """Change the open draft; whoever does becomes one of its authors."""
    draft = _draft(state)
    values, changes = _merged(state, draft.values, command.changes)
    return (
        DraftRevised(
            version=draft.version,
            values=values,
            changes=changes,
            note=command.note,
            revised_by=_person(context),
        ),
    )


def withdraw_draft(state: RuleBookState, command: WithdrawDraft, _: Context) -> tuple[Event, ...]:
    """Give the open draft up."""
    return (DraftWithdrawn(version=_draft(state).version, reason=command.reason),)


def publish_version(state: RuleBookState, command: PublishVersion, context: Context) -> tuple[Event, ...]:
    """Put the open draft into force from a date that lies neither in the past nor before an earlier version's."""
    draft, regulation, person = _draft(state), REGULATIONS[state.regulation], _person(context)
    if command.version != draft.version:
        raise Refusal(
            "not_the_draft",
            zh=f"草案的版本号是{draft.version}",
            en=f"The open draft is version {draft.version}.",
            kind="value",
            field="version",
        )
    if person in draft.authors:
        raise Refusal(
            "second_person_required",
            zh="起草人不得自行发布，须由他人发布",
            en="Whoever drafted a version can not publish it; a second person must.",
            clause=regulation.in_force_clause,
            kind="forbidden",
        )
    if command.effective_from < context.today:
        raise Refusal(
            "effective_in_the_past",
            zh="生效日期不得早于今天",
            en="A version can not take effect in the past.",
            clause=regulation.in_force_clause,
            kind="value",
            field="effective_from",
        )
    if command.effective_from <= state.latest.effective_from:
        raise Refusal(
            "effective_before_previous",
            zh=f"生效日期须晚于上一版本的{state.latest.effective_from}",
            en=f"A version must take effect after the one before it ({state.latest.effective_from}).",
            clause=regulation.in_force_clause,
            kind="value",
            field="effective_from",
        )
    return (
        VersionPublished(
            regulation=state.regulation,
            version=draft.version,
            effective_from=command.effective_from,
            values=_sound(regulation, draft.values),
            changes=draft.changes,
            drafted_by=draft.authors,
            published_by=person,
            published_on=context.today,
            clause=regulation.in_force_clause,
        ),
    )


def record_review(state: RuleBookState, command: RecordReviewWithoutChange, context: Context) -> tuple[Event, ...]:
    """Record a review that found nothing to change."""
    return (RulesReviewed(version=state.latest.version, reviewed_on=context.today, note=command.note),)


def _person(context: Context) -> UUID:
    """Who acts, by id: drafting and publishing are acts of persons that must be told apart."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def _draft(state: RuleBookState) -> Draft:
    if state.draft is None:
        raise Refusal("no_draft", zh="没有未发布的草案", en="There is no open draft.", clause="R0.7")
    return state.draft


def _merged(
    state: RuleBookState, base: Mapping[str, Any], changes: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The base with the changes laid over it, sound, and the fields in which it differs from what is published."""
    regulation = REGULATIONS[state.regulation]
    known = regulation.values.__struct_fields__
    for name in changes:
        if name not in known:
            raise Refusal(
                "rule_value_unknown",
                zh="没有这一规则值",
                en="There is no such rule value.",
                kind="value",
                field=f"changes.{name[:80]}",
            )
    values = _sound(regulation, {**base, **changes})
    differing = _changes(state, values)
    if not differing:
        raise Refusal(
            "nothing_changes",
            zh="与已发布的版本相同",
            en="These values are the published ones.",
            kind="value",
            field="changes",
        )
    return values, differing


def _sound(regulation: Regulation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in canonical form; refused with the field named where one can not be or makes no sense."""
    try:
        typed = msgspec.convert(values, regulation.values)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        path = place["path"] if place else ""
        raise Refusal(
            "rule_value_malformed",
            zh="规则值的格式不正确",
            en=f"This is not a rule value: {str(error).split(' - at ')[0]}.",
            kind="value",
            field=f"changes.{path}",
        ) from None
    problems = regulation.problems(typed)
    if problems:
        first = problems[0]
        raise Refusal(
            "rule_value_senseless",
            zh=f"规则值不合理：{first.zh}",
            en=f"The rule value makes no sense: {first.field} {first.en}.",
            kind="value",
            field=f"changes.{first.field}",
            details={"problems": [msgspec.to_builtins(problem) for problem in problems[:100]]},
        )
    return _stored(typed)


def _stored(typed: msgspec.Struct) -> dict[str, Any]:
    """Values just as they come back from the store, so that a state equals its replay."""
    return msgspec.json.decode(msgspec.json.encode(typed), type=dict[str, Any])


def _changes(state: RuleBookState, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that differ from what is published, by value: ``0.6`` and ``0.60`` are the same."""
    published, drafted = (
        msgspec.convert(builtins, REGULATIONS[state.regulation].values) for builtins in (state.latest.values, values)
    )
    return tuple(name for name in values if getattr(published, name) != getattr(drafted, name))
