"""What an anonymous reporter sends: JSON, a form, or a form with files, read in memory and never put on a disk.

Names of files and the types they claim are passed over: nothing of them is kept.
"""

from urllib.parse import parse_qs

import msgspec
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from domain.kernel import Text
from infra.wire import canonical
from services.api.body import require_json
from services.api.problems import Problem

MAX_FILES = 5
MAX_FIELDS = 40
MAX_FIELD_BYTES = 100_000
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Sent(msgspec.Struct, frozen=True):
    """The fields as JSON, to be decoded as the route's own type, and the contents of the files."""

    fields: bytes
    files: tuple[bytes, ...]
    receipt: str | None = None


def read_form(raw: bytes, content_type: str) -> Sent:
    """What a body holds. Raises `Problem` 400, 415 or 422."""
    media_type, options = parse_options_header(content_type)
    if media_type == FORM:
        return _sent(_urlencoded(raw), ())
    if media_type == MULTIPART:
        return _multipart(raw, options.get("boundary", ""))
    require_json(content_type.encode())
    return Sent(raw, ())


def _urlencoded(raw: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(raw.decode("utf-8"), max_num_fields=MAX_FIELDS, keep_blank_values=True, errors="strict")
    except ValueError:
        raise _malformed() from None


def _multipart(raw: bytes, boundary: str) -> Sent:
    fields: dict[str, list[str]] = {}
    files: list[bytes] = []
    segment: MultipartSegment | None = None
    content = bytearray()
    try:
        with PushMultipartParser(boundary, content_length=len(raw), max_segment_count=MAX_FIELDS) as parser:
            for event in parser.parse(raw):
                if isinstance(event, MultipartSegment):
                    segment, content = event, bytearray()
                elif event:
                    content += event
                elif segment is not None:
                    _take(segment, bytes(content), fields, files)
    except (MultipartError, UnicodeDecodeError, ValueError):
        raise _malformed() from None
    return _sent(fields, tuple(files))


def _take(segment: MultipartSegment, content: bytes, fields: dict[str, list[str]], files: list[bytes]) -> None:
    if segment.filename is None:
        if len(content) > MAX_FIELD_BYTES:
            raise _malformed()
        fields.setdefault(segment.name, []).append(content.decode("utf-8"))
    elif content:  # a browser sends an empty part for a field without a file
        files.append(content)
        if len(files) > MAX_FILES:
            raise Problem(
                422,
                "too_many_files",
                Text(f"每次最多 {MAX_FILES} 个文件", f"At most {MAX_FILES} files at once."),
                details={"most": MAX_FILES},
            )


def _sent(fields: dict[str, list[str]], files: tuple[bytes, ...]) -> Sent:
    """Fields that were left empty are left out, so that their defaults hold; line breaks are a browser's."""
    values = {name: listed[0].replace("\r\n", "\n").strip() for name, listed in fields.items()}
    receipt = values.pop("receipt", None)
    return Sent(canonical({name: value for name, value in values.items() if value}), files, receipt)


def _malformed() -> Problem:
    return Problem(400, "malformed_form", Text("表单无法解析", "The form can't be read."))
