"""What a file is, by its content alone: neither a name nor a header is believed."""

import codecs
import re
import zipfile
from typing import IO

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT, CSV = "text/plain", "text/csv"
MP3, MP4 = "audio/mpeg", "video/mp4"
MEDIA_TYPES = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, TEXT, CSV, MP3, MP4)
"""Everything that can be told by its content."""
SUFFIXES = dict(
    zip(MEDIA_TYPES, ("jpg", "png", "webp", "pdf", "docx", "xlsx", "txt", "csv", "mp3", "mp4"), strict=True)
)
"""How the name of a downloaded file ends."""

HEAD_BYTES = 4096
CHUNK_BYTES = 256 * 1024
MAX_ENTRIES = 20_000
CSV_LINES = 50
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MP4_BRANDS = re.compile(rb"(isom|iso[2-9]|mp4[12]|avc1|M4V |M4A |dash|MSNV|qt  )")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def media_type_of(content: IO[bytes]) -> str | None:
    """The media type of a content, one of `MEDIA_TYPES`, or none. Reads from its beginning and goes back there."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    found = _binary(head)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _office(content)
    elif found is None:
        found = _text(content)
    content.seek(0)
    return found


def _binary(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp" and _MP4_BRANDS.match(head[8:12]):
        return MP4
    return MP3 if _is_mp3(head) else None


def _is_mp3(head: bytes) -> bool:
    """A tag, or a frame of MPEG audio layer III with a bit rate and a sampling rate that exist."""
    if head.startswith(b"ID3") and head[3:4] in (b"\x02", b"\x03", b"\x04"):
        return True
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - the eleven set bits of a frame
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sampling = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and rate not in (0, 15) and sampling != 3  # noqa: PLR2004 - reserved values


def _office(content: IO[bytes]) -> str | None:
    """A document or a workbook without macros, by what its container holds."""
    try:
        with zipfile.ZipFile(content) as container:
            names = set(container.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or len(names) > MAX_ENTRIES:
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def _text(content: IO[bytes]) -> str | None:
    """Text in UTF-8 without control characters; with the same number of commas in each line it is a table."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    beginning = ""
    while True:
        chunk = content.read(CHUNK_BYTES)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            return None
        if _UNPRINTABLE.search(text):
            return None
        if len(beginning) < CHUNK_BYTES:
            beginning += text
        if not chunk:
            break
    lines = [line for line in beginning.splitlines()[:CSV_LINES] if line.strip()]
    commas = {re.sub(r'"[^"]*"', "", line).count(",") for line in lines}
    return CSV if len(lines) > 1 and len(commas) == 1 and commas != {0} else TEXT
