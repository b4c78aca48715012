"""Photos of people: made small and clean, whatever came in."""

import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from networkcrm.owned import uuid7

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SIDE = 800
FORMATS = ["JPEG", "PNG", "GIF", "WEBP"]


def cleaned(data: bytes, side: int = SIDE) -> ContentFile:
    """A new JPEG of at most `side` by `side` pixels, upright, without EXIF.

    The file's name is made up. Raises ValidationError with a sentence when the
    bytes are more than 10 MB, no picture, or a picture of more than 50 megapixels.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError("This photo is larger than 10 MB. Choose a smaller one.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as raw:
            if raw.width * raw.height > MAX_PIXELS:
                raise ValidationError(
                    "This photo has more than 50 megapixels. Choose a smaller one."
                )
            raw.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(raw)
            upright.thumbnail((side, side))
            flat = Image.new("RGB", upright.size, "white")
            with_alpha = upright.convert("RGBA")
            flat.paste(with_alpha, mask=with_alpha)
    except ValidationError:
        raise
    # The bytes may be hostile: damaged EXIF alone gives struct.error, TypeError and
    # AttributeError.
    except Exception as error:
        raise ValidationError(
            "This is not a picture we can read. JPEG, PNG, GIF and WebP work."
        ) from error
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return ContentFile(out.getvalue(), name=f"{uuid7().hex}.jpg")
