"""What an anonymous reporter sends, made to say nothing of who sent it, or refused.

Images are decoded and encoded anew from their pixels alone: position, device, owner, comments, profiles, thumbnails and
whatever else the container carried are not taken along. Text says what it says. Documents, tables, sound and film carry
their maker's traces in more places than can be removed with certainty, so they are refused.
"""

import io
from typing import IO

from PIL import Image, ImageCms, ImageOps

from domain.kernel import Text
from services.api.problems import Problem
from services.files.sniffing import CSV, JPEG, PNG, TEXT, WEBP

FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
ANONYMOUS_TYPES = frozenset({*FORMATS, TEXT, CSV})
MAX_PIXELS = 50_000_000
QUALITY = 90


def stripped(content: bytes, media_type: str) -> bytes:
    """A content without traces of its maker. Raises `Problem` 415 where that is not certain, 422 for a broken image."""
    if media_type not in ANONYMOUS_TYPES:
        raise Problem(
            415,
            "file_type_not_anonymous",
            Text(
                "匿名举报只接受图片和纯文本：这类文件会带有制作者的信息，无法可靠清除，请截图或粘贴文字",
                "Anonymous reports take images and plain text: files of this kind carry traces of who made them that"
                " can not be removed with certainty. Send a picture of it, or its words.",
            ),
            details={"found": media_type, "taken": sorted(ANONYMOUS_TYPES)},
        )
    return _pixels_alone(content, media_type) if media_type in FORMATS else content


def _pixels_alone(content: bytes, media_type: str) -> bytes:
    kind = FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _unreadable(f"an image of more than {MAX_PIXELS} pixels")
            image.load()
            upright = _in_usual_colours(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _unreadable(type(error).__name__) from None
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    target = io.BytesIO()
    _save(bare, target, kind)
    return target.getvalue()


def _in_usual_colours(image: Image.Image) -> Image.Image:
    """The pixels in sRGB, grey or with transparency: what no colour profile is needed for."""
    transparent = "A" in image.getbands() or "transparency" in image.info
    wanted = "RGBA" if transparent else "L" if image.mode in ("1", "L", "I;16", "I") else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # a profile that is none
            converted = None
        if converted is not None:
            return converted
    return image.convert(wanted)


def _save(image: Image.Image, target: IO[bytes], kind: str) -> None:
    if kind == "JPEG":
        image.convert("L" if image.mode == "L" else "RGB").save(target, kind, quality=QUALITY)
    elif kind == "WEBP":
        image.save(target, kind, quality=QUALITY)
    else:
        image.save(target, kind)


def _unreadable(why: str) -> Problem:
    return Problem(422, "file_unreadable", Text("图片无法读取", "The image can not be read."), details={"why": why})
