"""What a file is, by its content: each kind that is taken is told, and what only looks like one is not."""

import io
import zipfile

import openpyxl
import pytest
from PIL import Image

from services.files.sniffing import CSV, DOCX, JPEG, MP3, MP4, PDF, PNG, TEXT, WEBP, XLSX, media_type_of


def image(kind):
    """A small image."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, kind)
    return target.getvalue()


def workbook():
    """A workbook as a spreadsheet program writes it."""
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def container(*names):
    """A zip container with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (image("JPEG"), JPEG),
        (image("PNG"), PNG),
        (image("WEBP"), WEBP),
        (b"%PDF-1.7\n1 0 obj", PDF),
        (workbook(), XLSX),
        (container("[Content_Types].xml", "word/document.xml"), DOCX),
        (b"\xef\xbb\xbf\xe6\x8a\x95\xe8\xaf\x89\n", TEXT),
        ("投诉\n说明\n".encode(), TEXT),
        ('日期,事项\n3月2日,合同\n3月3日,"甲,乙"\n'.encode(), CSV),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", MP3),
        (b"\xff\xfb\x90\x00" + bytes(400), MP3),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", MP4),
    ],
)
def test_each_kind_is_told_by_its_content(content, kind):
    """And the content is left at its beginning."""
    file = io.BytesIO(content)

    assert media_type_of(file) == kind
    assert file.read() == content


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02",
        b"\xff\xff\xff\xff",
        "投诉".encode("gb18030"),
        b"text with \x00 inside",
        b"text with \x1b[2J inside",
        b"text" * 100_000 + b"\xff",
        b"PK\x03\x04 no container",
        container("a.txt"),
        container("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"\x00\x00\x00\x20ftypevil",
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)
def test_what_is_none_of_them_is_nothing(content):
    """Programs, broken containers, macros, other encodings and other kinds of media."""
    assert media_type_of(io.BytesIO(content)) is None
