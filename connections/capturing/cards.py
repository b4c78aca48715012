"""What stands on a photographed business card, where the server has tesseract."""

import io
import os
import shutil
import subprocess

from PIL import Image

from events.models import Capture

SECONDS = 20
# More than anybody prints on a card.
LONGEST = 4000
PASSED_ON = ("PATH", "TESSDATA_PREFIX")


def text_of(capture: Capture) -> str:
    """The lines on its picture, "" when there is no picture or no tesseract, when it
    takes too long, or fails.

    It gets a picture we wrote ourselves, through a pipe, and nothing else of us.
    """
    binary = shutil.which("tesseract")
    if not binary or not capture.picture:
        return ""
    known = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        answer = subprocess.run(
            [binary, "stdin", "stdout"],
            input=_as_png(capture),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
            env=known | {"OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return _lines(answer.stdout)


def _as_png(capture: Capture) -> bytes:
    out = io.BytesIO()
    with capture.picture.open() as file, Image.open(file, formats=["JPEG"]) as picture:
        picture.convert("L").save(out, "PNG")
    return out.getvalue()


def _lines(raw: bytes) -> str:
    text = raw[: 4 * LONGEST].decode(errors="ignore")
    plain = (
        "".join(letter if letter.isprintable() else " " for letter in line)
        for line in text.splitlines()
    )
    kept = (" ".join(line.split()) for line in plain if any(map(str.isalnum, line)))
    return "\n".join(kept)[:LONGEST]
