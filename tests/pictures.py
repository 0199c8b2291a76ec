"""Pictures that say more than they show: where they were taken, with what, by whom."""

import io

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

OWNER = "Zhuiying-Camera-Owner-7731"
DEVICE = "Distinctive-Device-9042"
COMMENT = "Comment-by-Wang-Xiaoming-5518"
MARKS = (OWNER, DEVICE, COMMENT)
GPS = {1: "N", 2: (31.0, 13.0, 57.77), 3: "E", 4: (121.0, 28.0, 33.33)}


def painted(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red, whose right half is blue."""
    image = Image.new(mode, size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """Who, with what, where, and which way up."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x0110], made[0x013B] = orientation, DEVICE, DEVICE, OWNER
    made.get_ifd(0x8825).update(GPS)
    made.get_ifd(0x8769)[0x9286] = COMMENT.encode()
    return made


def xmp() -> bytes:
    """A packet of metadata as image editors write it."""
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{OWNER}</x:xmpmeta>".encode()


def telling(kind: str, orientation: int = 1) -> bytes:
    """A picture of a kind with everything in it that could be stored beside its pixels."""
    target, image = io.BytesIO(), painted()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + OWNER.encode()
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", OWNER)
        text.add_itxt("Comment", COMMENT, zip=False)
        image.save(target, kind, pnginfo=text, exif=exif(orientation), icc_profile=profile)
    elif kind == "JPEG":
        image.save(
            target, kind, exif=exif(orientation), icc_profile=profile, comment=COMMENT.encode(), xmp=xmp(), quality=95
        )
    else:
        image.save(target, kind, exif=exif(orientation), icc_profile=profile, xmp=xmp(), lossless=True)
    content = target.getvalue()
    assert OWNER.encode() in content
    return content + f"trailing {COMMENT}".encode()
