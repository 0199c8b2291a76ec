"""A document (文书): drawn up about something that happened, numbered by its register, issued, never changed."""

from domain.document import handlers
from domain.document import messages as m
from domain.document.state import DocumentState, evolve
from domain.kernel import CommandSpec, Decider, Text

__all__ = ["DOCUMENT", "DocumentState"]

DOCUMENT = Decider(
    noun="document",
    plural="documents",
    title=Text(zh="文书", en="document"),
    state=DocumentState,
    statuses=("drawn", "issued", "voided", "superseded"),
    commands=(
        CommandSpec(
            command=m.DrawDocument,
            handler=handlers.draw,
            permission="document.draw_document",
            summary=Text(zh="制作文书", en="Draw a document up"),
            opens=True,
            own_route=True,
        ),
        CommandSpec(
            command=m.IssueDocument,
            handler=handlers.issue,
            permission="document.issue_document",
            summary=Text(zh="签发文书", en="Issue the document"),
            audience="internal",
        ),
        CommandSpec(
            command=m.VoidDocument,
            handler=handlers.void,
            permission="document.void_document",
            summary=Text(zh="作废文书", en="Declare the document void"),
            own_route=True,
        ),
        CommandSpec(
            command=m.SupersedeDocument,
            handler=handlers.supersede,
            permission="document.supersede_document",
            summary=Text(zh="更正文书", en="Note what stands in its place"),
            audience="internal",
        ),
    ),
    events=(m.DocumentDrawn, m.DocumentIssued, m.DocumentVoided, m.DocumentSuperseded),
    evolve=evolve,
    about=lambda state: (state.subject_noun, state.subject_id),
)
