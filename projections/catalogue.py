"""The one index of projections: the follower folds what stands here."""

from projections.kernel import Projection

PROJECTIONS: tuple[Projection, ...] = ()
