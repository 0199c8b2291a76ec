"""A project's published accounts on paper (R13.4.3): what owners are shown, with the entries that it rests on."""

import msgspec

from domain.documents.sheet import Box, Contents, Grid, Kind, Row, Sheet
from domain.kernel import Text


class AccountsLine(msgspec.Struct, frozen=True):
    """A figure in yuan, and what it is."""

    label: Text
    yuan: str


class AccountsPart(msgspec.Struct, frozen=True):
    """Figures that belong together."""

    title: Text
    lines: tuple[AccountsLine, ...]


class AgencyPart(msgspec.Struct, frozen=True):
    """What was collected for suppliers: a line an item, in the columns of the page."""

    title: Text
    columns: tuple[Text, ...]
    lines: tuple[tuple[str, ...], ...]


class PublishedAccounts(Contents, frozen=True, kw_only=True, tag="published_accounts"):
    """Income and expenditure of a period; ``entries`` of the book, the last of them ``last_entry``, add up to it."""

    project: str
    first_month: str
    last_month: str
    parts: tuple[AccountsPart, ...]
    agency: AgencyPart
    entries: int
    last_entry: int


_BASIS = Text(
    "本账目由账簿逐笔记录汇总而成，收入按实际收款列示；代收代付款项和修缮费用不属于公司收入，单独列示。",
    "These accounts add up the book's entries. Income is what was received; agency fees and money for repairs are no "
    "income of the company and stand apart.",
)


def _accounts(held: PublishedAccounts) -> Sheet:
    grids = [
        Grid(
            part.title,
            (Text("项目", "Item"), Text("金额（元）", "Yuan")),
            tuple((f"{line.label.zh} {line.label.en}", line.yuan) for line in part.lines),
        )
        for part in held.parts
    ]
    return Sheet(
        rows=(
            Row(Text("项目", "Project"), held.project or "—"),
            Row(Text("账目期间", "Period"), f"{held.first_month} 至 {held.last_month}"),
            Row(Text("账簿笔数", "Entries"), f"{held.entries}（截至第 {held.last_entry} 笔）"),
        ),
        grids=(*grids, Grid(held.agency.title, held.agency.columns, held.agency.lines)),
        statement=(_BASIS,),
        boxes=(Box(Text("财务室", "Finance")), Box(Text("物业公司经理", "Manager"))),
    )


ACCOUNTS_KINDS = (
    Kind(
        name="published_accounts",
        code="账",
        title=Text("收支账目公布", "Published accounts"),
        subject="fee_book",
        clause="R13.4.3",
        contents=PublishedAccounts,
        sheet=_accounts,
    ),
)
