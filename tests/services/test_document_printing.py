"""Every kind of document on paper: the page and the PDF say what the document holds, whatever people wrote into it."""

import io
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pypdf
import pytest
from msgspec.structs import replace

from domain.document import DocumentState
from domain.documents import KINDS, kind_of
from services.documents import press
from services.documents.page import page_of
from services.documents.paper import Paper, paper_of, related
from services.documents.press import compiled
from tests.domain import story

TENANT = UUID(int=0xAA)
VOID_TAGS = {"meta", "br", "path", "rect"}


@cache
def told() -> dict[UUID, DocumentState]:
    """Every document of the story."""
    world = story.whole_year()
    return {stream: state for (noun, stream), state in world.states.items() if noun == "document"}


def papers(kind: str) -> list[Paper]:
    """The papers of the story's documents of a kind: one of each status."""
    references = {stream: state.reference for stream, state in told().items() if state.reference is not None}
    found = {state.status: state for state in told().values() if state.kind == kind}
    return [paper_of(TENANT, state, "https://kaohe.example.org/", references) for state in found.values()]


def squeezed(text: str) -> str:
    """A text without what setting it in lines puts between its signs."""
    return re.sub("[\\s\u200b]", "", text)


def said(paper: Paper) -> list[str]:
    """What must be legible on a paper."""
    sheet = paper.sheet
    return [
        paper.title.zh,
        paper.title.en,
        paper.reference,
        paper.organisation,
        paper.issued_on_zh,
        paper.basis,
        paper.rules,
        paper.digest,
        paper.code,
        *paper.readings,
        *(part for row in sheet.rows for part in (row.label.zh, row.value)),
        *(part for each in sheet.passages for part in (each.heading.zh, each.text)),
        *(cell for grid in sheet.grids for line in grid.lines for cell in line),
        *(part for each in sheet.statement for part in (each.zh, each.en)),
        *(box.label.zh for box in sheet.boxes),
        *([paper.mark] if paper.mark else []),
    ]


class Structure(HTMLParser):
    """The tags of a page, and whether each is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        del attrs
        self.seen.append(tag)
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes what was opened last."""
        if tag not in VOID_TAGS:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.4", "R4.16", "R4.17", "R4.18")
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_what_the_document_holds(kind: str) -> None:
    """Every kind, in every status it came to: all of it is there, and the page is well formed."""
    for paper in papers(kind):
        page = Structure()
        page.feed(page_of(paper).decode())
        assert page.open == []
        assert page.seen.count("h1") == page.seen.count("svg") == page.seen.count("footer") == 1
        assert not {"script", "link", "img", "iframe"} & set(page.seen)
        for each in said(paper):
            assert squeezed(each) in squeezed(page.text), each


@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.4", "R4.16", "R4.17", "R4.18")
@pytest.mark.parametrize("kind", KINDS)
def test_a_pdf_says_what_the_document_holds(kind: str) -> None:
    """Every kind, in every status it came to: all of it can be read out again, and the bytes repeat."""
    for paper in papers(kind):
        made = compiled(paper)
        read = pypdf.PdfReader(io.BytesIO(made))
        text = squeezed("".join(page.extract_text() for page in read.pages))
        for each in said(paper):
            assert squeezed(each) in text, each
        assert len(read.pages) <= 2
        assert compiled(paper) == made


@pytest.mark.clause("R3.2.1")
def test_an_order_that_goes_with_a_car_is_one_page() -> None:
    """However far its trip has come, the order with its signatures and its proof is a single sheet."""
    for paper in papers("dispatch_order"):
        assert len(pypdf.PdfReader(io.BytesIO(compiled(paper))).pages) == 1


def long_paper(**changes: Any) -> Paper:
    """A complaint's form with other contents."""
    state = next(s for s in told().values() if s.kind == "complaint_form" and s.status == "issued")
    return paper_of(
        TENANT, replace(state, contents=replace(state.contents, **changes)), "https://kaohe.example.org", {}
    )


def test_a_long_text_goes_on_over_pages() -> None:
    """Four thousand signs are all there, and each page has its number."""
    text = "".join(f"第{number}句，写得很长。" for number in range(400))[:4000]
    read = pypdf.PdfReader(io.BytesIO(compiled(long_paper(description=text))))
    pages = [squeezed(page.extract_text()) for page in read.pages]
    assert len(pages) > 1
    assert squeezed(text) in squeezed(re.sub(r"第\d页/共\d页", "", "".join(pages)))
    assert f"第1页/共{len(pages)}页" in pages[0]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200,
        '#panic() #read("/etc/passwd") #include "x" $x$ [ ] { } \\ ` * _ @ref <label> // /* */ ~ = - +',
        "</td><script>x</script>&amp;&#x41;",
        "第一行\n\n第三行\t制表",
        "\u202e翻转 emoji 😀 𠀀 é ﷽",
        "{title} {0} %s ${x}",
    ],
)
def test_whatever_people_write_is_text(text: str) -> None:
    """Neither medium reads it as anything else, nor breaks on it."""
    paper = long_paper(subject=text, description=text)
    page = Structure()
    page.feed(page_of(paper).decode())
    assert page.open == []
    assert "script" not in page.seen
    assert squeezed(text) in squeezed(page.text)
    read = pypdf.PdfReader(io.BytesIO(compiled(paper)))
    if text.isascii():
        assert squeezed(text) in squeezed("".join(each.extract_text() for each in read.pages))


def test_a_paper_names_the_documents_it_refers_to() -> None:
    """A proof of service cites the decision's number; a correction what it corrects."""
    proofs = papers("proof_of_service")
    decisions = {paper.reference for paper in papers("accountability_decision")}
    assert decisions
    for proof in proofs:
        numbers = {state.reference for state in told().values() if state.kind == "accountability_decision"}
        assert {row.value for row in proof.sheet.rows if row.label.zh == "文书文号"} <= numbers
    assert {bool(proof.replaces) for proof in proofs} == {True, False}
    corrected = next(state for state in told().values() if state.replaces is not None)
    assert corrected.replaces in related(corrected)


def test_a_document_without_number_makes_no_paper() -> None:
    """There is nothing to print yet."""
    state = next(iter(told().values()))
    with pytest.raises(ValueError, match="number"):
        paper_of(TENANT, replace(state, reference=None), "https://kaohe.example.org", {})


def test_every_kind_is_in_the_story() -> None:
    """So that each is printed here."""
    assert {kind_of(state.contents).name for state in told().values()} == set(KINDS)


async def test_a_paper_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told to come again; the press goes on, and has room again once it is done."""
    monkeypatch.setattr(press, "TIMEOUT_S", 0.0001)
    busy = press.Press()
    paper = long_paper(description="".join(map(chr, range(0x5000, 0x5F00))))
    with pytest.raises(press.PressBusy):
        await busy.pdf(paper)
    monkeypatch.setattr(press, "TIMEOUT_S", 60.0)
    assert (await busy.pdf(paper)).startswith(b"%PDF")


async def test_what_was_made_is_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same paper comes from what is kept; the oldest goes when there is too much."""
    kept = press.Press()
    first, second = long_paper(subject="甲"), long_paper(subject="乙")
    made = await kept.pdf(first)
    assert await kept.pdf(first) is made
    monkeypatch.setattr(press, "KEPT_BYTES", len(made) + 1)
    await kept.pdf(second)
    again = await kept.pdf(first)
    assert again == made
    assert again is not made
