"""What a worker works with: the runtime, and the catalogue of what is to be done."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from domain.catalogue import DECIDERS, NOTICES, REACTIONS
from domain.kernel import Decider, Event, Reaction
from domain.notices.notice import NoticeRule
from infra.follower import Follower
from projections.catalogue import PROJECTIONS
from projections.kernel import Projection
from services.runtime.commands import by_noun
from services.runtime.runtime import Runtime
from services.worker.metrics import Metrics

KeepGoing = Callable[[], bool]
"""Asked between two transactions: work ends early, and cleanly, when it says no."""


def always() -> bool:
    """Go on to the end."""
    return True


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The means of one worker process."""

    runtime: Runtime
    deciders: Mapping[str, Decider[Any]]
    reactions: Mapping[type[Event], tuple[Reaction, ...]]
    notices: Mapping[type[Event], tuple[NoticeRule, ...]]
    follower: Follower
    metrics: Metrics


def work_of(
    runtime: Runtime,
    *,
    deciders: Sequence[Decider[Any]] = DECIDERS,
    reactions: Sequence[Reaction] = REACTIONS,
    notices: Sequence[NoticeRule] = NOTICES,
    projections: Sequence[Projection] = PROJECTIONS,
) -> Work:
    """The means to work with, by default those of the whole domain."""
    answers: dict[type[Event], tuple[Reaction, ...]] = {}
    for reaction in reactions:
        for event in reaction.events:
            answers[event] = (*answers.get(event, ()), reaction)
    told: dict[type[Event], tuple[NoticeRule, ...]] = {}
    for rule in notices:
        for event in rule.events:
            told[event] = (*told.get(event, ()), rule)
    return Work(
        runtime=runtime,
        deciders=by_noun(tuple(deciders)),
        reactions=answers,
        notices=told,
        follower=Follower(runtime.database, runtime.mapper, projections),
        metrics=Metrics(),
    )
