"""A document as a page for printing: one template for every kind, everything that people wrote escaped."""

import html
from collections.abc import Iterable
from functools import cache
from importlib import resources

from domain.documents.sheet import Box, Grid, Passage, Row
from domain.kernel import Text
from services.documents.paper import Paper

_SHELL = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} {reference}</title><style>{style}</style></head><body><article>
{mark}<header><p class="organisation">{organisation}</p><h1>{title}</h1><p class="en">{title_en}</p>
<p class="reference">{reference}</p></header>
{body}
<footer>{footer}</footer></article></body></html>"""


def page_of(paper: Paper) -> bytes:
    """The page, in UTF-8."""
    sheet = paper.sheet
    parts = [
        f'<p class="addressee">{_text(sheet.addressee)}：</p>' if sheet.addressee else "",
        _rows(sheet.rows),
        *(_passage(each) for each in sheet.passages),
        *(_grid(each) for each in sheet.grids),
        *(
            f'<p class="statement">{_text(each.zh)}<span class="en">{_text(each.en)}</span></p>'
            for each in sheet.statement
        ),
        f'<p class="note">{_text(paper.replaces)}</p>' if paper.replaces else "",
        _boxes(sheet.boxes),
        _seal(paper) if sheet.sealed else _dated(paper),
    ]
    mark = f'<div class="mark">{_text(paper.mark)}<small>{_text(paper.mark_note)}</small></div>\n' if paper.mark else ""
    return _SHELL.format(
        title=_text(paper.title.zh),
        title_en=_text(paper.title.en),
        organisation=_text(paper.organisation),
        reference=_text(paper.reference),
        style=_style(),
        mark=mark,
        body="\n".join(part for part in parts if part),
        footer=_footer(paper),
    ).encode()


@cache
def _style() -> str:
    return resources.files("services.documents").joinpath("templates", "print.css").read_text("utf-8")


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _label(label: Text) -> str:
    return f'{_text(label.zh)}<span class="en">{_text(label.en)}</span>'


def _rows(rows: Iterable[Row]) -> str:
    lines = "".join(f"<tr><th>{_label(row.label)}</th><td>{_text(row.value)}</td></tr>" for row in rows)
    return f'<table class="fields">{lines}</table>' if lines else ""


def _passage(passage: Passage) -> str:
    return f'<section><h2>{_label(passage.heading)}</h2><p class="passage">{_text(passage.text)}</p></section>'


def _grid(grid: Grid) -> str:
    head = "".join(f"<th>{_label(column)}</th>" for column in grid.columns)
    lines = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in line)}</tr>" for line in grid.lines)
    return f'<section><h2>{_label(grid.heading)}</h2><table class="grid"><tr>{head}</tr>{lines}</table></section>'


def _boxes(boxes: Iterable[Box]) -> str:
    drawn = "".join(
        f'<div class="box"><p>{_label(box.label)}</p><p class="sign">签字：{_text(box.signed)}</p>'
        '<p class="sign">日期：　　年　　月　　日</p></div>'
        for box in boxes
    )
    return f'<div class="boxes">{drawn}</div>' if drawn else ""


def _dated(paper: Paper) -> str:
    return f'<p class="dated">{_text(paper.issued_on_zh)}</p>'


def _seal(paper: Paper) -> str:
    return (
        f'<div class="seal"><p>{_text(paper.organisation)}</p><p>（盖章处）</p><p>{_text(paper.issued_on_zh)}</p></div>'
    )


def _footer(paper: Paper) -> str:
    lines = [f"依据：{_text(paper.basis)}"]
    if paper.rules:
        lines.append(f"制度版本：{_text(paper.rules)}")
    lines += [f"条款理解：{_text(each)}" for each in paper.readings]
    lines.append(f"内容摘要（SHA-256）：<code>{_text(paper.digest)}</code>")
    lines.append(f"核验码：<code>{_text(paper.code)}</code>")
    lines.append(f"核验地址：{_text(paper.address)}")
    return f'<div class="qr">{paper.qr}</div><div>{"".join(f"<p>{line}</p>" for line in lines)}</div>'
