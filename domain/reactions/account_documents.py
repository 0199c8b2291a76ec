"""Published accounts are put on paper, each period once (R13.4.3)."""

from domain.documents.accounts import AccountsLine, AccountsPart, AgencyPart, PublishedAccounts
from domain.fee_book.events import AccountsPublished
from domain.fee_book.statement import AGENCY, AGENCY_COLUMNS, agency_lines, sections, signed_yuan
from domain.kernel import Cause, Dispatch, Reaction
from domain.reactions.drawing import Form, document_id, drawing


def draw_accounts(event: AccountsPublished, cause: Cause) -> tuple[Dispatch, ...]:
    """The paper says what the page and the workbook say."""
    contents = PublishedAccounts(
        project=event.name,
        first_month=event.first_month,
        last_month=event.last_month,
        parts=tuple(
            AccountsPart(
                section.title, tuple(AccountsLine(line.label, signed_yuan(line.amount_fen)) for line in section.lines)
            )
            for section in sections(event)
        ),
        agency=AgencyPart(AGENCY, AGENCY_COLUMNS, tuple(_agency(event))),
        entries=event.entries,
        last_entry=event.last_entry,
    )
    own = document_id("published_accounts", cause.stream_id, event.first_month)
    form = Form(contents, event.rule_version)
    return (Dispatch("document", own, drawing(form, cause.stream_id, cause.stream_version)),)


def _agency(event: AccountsPublished) -> list[tuple[str, ...]]:
    return [
        (
            f"{name.zh} {name.en}",
            line.supplier or "—",
            *map(signed_yuan, (line.opening_fen, line.collected_fen, line.passed_on_fen, line.closing_fen)),
        )
        for name, line in agency_lines(event)
    ]


REACTIONS = (Reaction(name="draw_accounts", events=(AccountsPublished,), react=draw_accounts),)
