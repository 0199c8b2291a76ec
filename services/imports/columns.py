"""Which columns the files have, in Chinese and English, and which command a row becomes."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from domain.assessment.commands import CastBallot, RecordFinding
from domain.kernel import Command, Text
from services.imports.report import Kind

ColumnType = Literal["text", "code", "count", "date", "month", "yes_no", "group", "score", "yuan", "basis"]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: the command's field, its headings, and how a cell is read. ``also`` are other headings people use."""

    field: str
    zh: str
    en: str
    type: ColumnType
    required: bool = False
    also: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading in the templates."""
        return f"{self.zh} / {self.en}"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of file. ``reference`` is the field by which a row is known again.

    ``command_name`` names the command that a row becomes, ``with_commands`` those that it may cause beside it.
    """

    kind: Kind
    title: Text
    command: type[Command]
    command_name: str
    reference: str
    columns: tuple[Column, ...]
    with_commands: tuple[str, ...] = ()

    def column(self, field: str | None) -> Column | None:
        """The column of a command's field, or none."""
        return next((column for column in self.columns if column.field == field), None)


FINDINGS = Layout(
    kind="findings",
    title=Text(zh="检查记录", en="Findings"),
    command=RecordFinding,
    command_name="record_finding",
    reference="finding_ref",
    columns=(
        Column(field="finding_ref", zh="记录编号", en="Reference", type="text", also=("编号", "行号", "row reference")),
        Column(
            field="item_code",
            zh="细目编码",
            en="Item code",
            type="code",
            required=True,
            also=("编码", "考核细目", "item"),
        ),
        Column(field="count", zh="数量", en="Count", type="count", also=("次数", "处数")),
        Column(
            field="found_on",
            zh="检查日期",
            en="Found on",
            type="date",
            required=True,
            also=("日期", "发现日期", "date"),
        ),
        Column(field="department", zh="部门", en="Department", type="text", required=True, also=("检查部门",)),
        Column(field="note", zh="说明", en="Note", type="text", also=("情况说明", "备注", "notes")),
        Column(field="evidence", zh="证据", en="Evidence", type="text", also=("证据编号", "附件")),
        Column(field="minor", zh="轻微", en="Minor", type="yes_no", also=("是否轻微", "轻微问题")),
    ),
)

BALLOTS = Layout(
    kind="ballots",
    title=Text(zh="满意度选票", en="Ballots"),
    command=CastBallot,
    command_name="cast_ballot",
    reference="ballot_ref",
    columns=(
        Column(
            field="ballot_ref",
            zh="选票编号",
            en="Ballot reference",
            type="text",
            required=True,
            also=("编号", "票号", "reference"),
        ),
        Column(field="group", zh="群体", en="Group", type="group", required=True, also=("身份", "类别")),
        Column(field="score", zh="评分", en="Score", type="score", required=True, also=("分数", "得分")),
        Column(field="comment", zh="意见", en="Comment", type="text", also=("意见建议", "备注", "comments")),
        Column(field="cast_on", zh="填写日期", en="Cast on", type="date", also=("日期", "投票日期", "date")),
    ),
)

LAYOUTS: Mapping[str, Layout] = {layout.kind: layout for layout in (FINDINGS, BALLOTS)}


def column_of(layout: Layout, heading: str) -> Column | None:
    """The column that a heading means: by its name in either language, or in both as the templates have it."""
    names = _names(layout)
    whole = _plain(heading)
    if whole in names:
        return names[whole]
    meant = {id(names.get(_plain(part))): names.get(_plain(part)) for part in heading.replace("／", "/").split("/")}
    return next(iter(meant.values())) if len(meant) == 1 else None


@cache
def _names(layout: Layout) -> dict[str, Column]:
    return {
        _plain(name): column for column in layout.columns for name in (column.field, column.zh, column.en, *column.also)
    }


def _plain(heading: str) -> str:
    """A heading without what people and programs vary: width, case, stars, underscores, spaces."""
    return re.sub(r"[\s_*]+", " ", unicodedata.normalize("NFKC", heading).casefold()).strip()
