"""A fine that a person imposes under R11 (处罚单): lost documents, late work, help that failed."""

from domain.fine import handlers
from domain.fine import messages as m
from domain.fine.state import FineState, evolve
from domain.kernel import CommandSpec, Decider, Text

__all__ = ["FINE", "FineState"]

FINE = Decider(
    noun="fine",
    plural="fines",
    title=Text(zh="处罚单", en="fine"),
    state=FineState,
    statuses=("imposed", "revoked"),
    commands=(
        CommandSpec(
            command=m.ImposeFine,
            handler=handlers.impose,
            permission="fine.impose_fine",
            summary=Text(zh="处罚", en="Impose a fine"),
            clause="R11.1.13",
            creates=True,
        ),
        CommandSpec(
            command=m.RevokeFine,
            handler=handlers.revoke,
            permission="fine.revoke_fine",
            summary=Text(zh="撤销处罚", en="Revoke a fine"),
        ),
    ),
    events=(m.FineImposed, m.FineRevoked),
    evolve=evolve,
)
