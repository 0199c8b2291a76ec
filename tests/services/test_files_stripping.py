"""What an anonymous reporter sends loses every trace of its maker, or is refused."""

import io

import pytest
from PIL import Image

from services.api.problems import Problem
from services.files.sniffing import DOCX, JPEG, MP3, MP4, PDF, PNG, TEXT, WEBP, XLSX
from services.files.stripping import stripped
from tests.pictures import GPS, MARKS, painted, telling

KINDS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.clause("R0.3")
def test_pixels_alone_remain(kind):
    """No EXIF, position, profile, comment, text chunk, packet or trailing bytes; the picture looks as it did."""
    content = telling(kind)
    assert all(mark.encode() in content for mark in MARKS if kind != "WEBP")

    bare = stripped(content, KINDS[kind])

    assert not [mark for mark in MARKS if mark.encode() in bare]
    with Image.open(io.BytesIO(bare)) as image:
        assert image.format == kind
        assert not dict(image.getexif())
        assert not {"exif", "icc_profile", "comment", "xmp", "Author", "Comment"} & set(image.info)
        assert image.size == (64, 32)
        left, right = image.convert("RGB").getpixel((8, 8)), image.convert("RGB").getpixel((56, 8))
    assert (left[0] > 200, left[2] < 80) == (True, True)
    assert (right[2] > 200, right[0] < 80) == (True, True)


def test_the_pictures_of_these_tests_do_tell_something():
    """The test could fail: what is sent does hold a position."""
    with Image.open(io.BytesIO(telling("JPEG"))) as image:
        assert dict(image.getexif().get_ifd(0x8825))[2] == GPS[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lies_on_its_side_is_put_upright(kind):
    """Which way up stood in the metadata that are gone."""
    with Image.open(io.BytesIO(stripped(telling(kind, orientation=6), KINDS[kind]))) as image:
        assert image.size == (32, 64)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16"])
def test_pictures_of_every_colour_mode_are_taken(mode):
    """Grey, black and white, palettes and transparency."""
    target = io.BytesIO()
    painted(mode="RGB").convert("L" if mode == "I;16" else mode).save(target, "PNG")

    with Image.open(io.BytesIO(stripped(target.getvalue(), PNG))) as image:
        assert image.size == (64, 32)


def test_text_says_what_it_says():
    """It is kept as it is."""
    assert stripped("原文".encode(), TEXT) == "原文".encode()


@pytest.mark.parametrize("media_type", [PDF, DOCX, XLSX, MP3, MP4])
def test_what_can_not_be_cleaned_with_certainty_is_refused(media_type):
    """With what to do instead, in both languages."""
    with pytest.raises(Problem) as caught:
        stripped(b"anything", media_type)

    assert (caught.value.status, caught.value.code) == (415, "file_type_not_anonymous")
    assert "截图" in caught.value.text.zh


@pytest.mark.parametrize("content", [b"\xff\xd8\xff broken", telling("JPEG")[:300]], ids=["no image", "cut off"])
def test_a_picture_that_can_not_be_read_is_refused(content):
    """Not stored as it is."""
    with pytest.raises(Problem) as caught:
        stripped(content, JPEG)

    assert (caught.value.status, caught.value.code) == (422, "file_unreadable")


def test_a_picture_too_large_to_unpack_is_refused():
    """A small file can hold an enormous picture."""
    target = io.BytesIO()
    Image.new("1", (8_000, 7_000)).save(target, "PNG")

    with pytest.raises(Problem) as caught:
        stripped(target.getvalue(), PNG)
    assert caught.value.code == "file_unreadable"
