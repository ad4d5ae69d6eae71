"""What a signed document may be, judged by its content and never by its name. Decides nothing about consents."""

import io
import struct
import warnings
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from PIL import Image

from coordination.refusals import Refused

#: The most a document may weigh.
MAX_BYTES = 10 * 1024 * 1024
#: The most an image may measure: a page scanned at 600 dpi, no bomb.
MAX_PIXELS = 80_000_000
#: What makes a PDF do something, or hides what it holds.
ACTIVE = (
    b"/JavaScript",
    b"/JS ",
    b"/JS(",
    b"/Launch",
    b"/EmbeddedFile",
    b"/OpenAction",
    b"/RichMedia",
    b"/XFA",
    b"/Encrypt",
)
#: The many ways in which a broken image breaks; all of them are the same to the person who chose it.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True)
class SignedDocument:
    """A document as it was signed: its bytes, what they are, and their SHA-256."""

    data: bytes
    content_type: str

    @property
    def digest(self) -> bytes:
        """Return the SHA-256."""
        return sha256(self.data).digest()


def document(data: bytes) -> SignedDocument:
    """Return a document that is what it says. Raises `Refused` for anything but a quiet PDF, a PNG or a JPEG of at most 10 MB."""
    if not data:
        raise _no(_("Filen er tom. Velg det signerte skjemaet."))
    if len(data) > MAX_BYTES:
        raise _no(_("Filen er større enn 10 MB. Skann på nytt med lavere oppløsning."))
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise _no(_("PDF-filen er ikke hel. Skann eller lagre den på nytt."))
        if any(mark in data for mark in ACTIVE):
            raise _no(
                _("PDF-filen har innhold som kan kjøres, eller er låst med passord. Skriv den ut til en ny PDF først.")
            )
        return SignedDocument(data, "application/pdf")
    return SignedDocument(data, _image(data))


def _image(data: bytes) -> str:
    """Return the type of an image that can be read to its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(IMAGES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _no(_("Bildet er for stort. Skann med lavere oppløsning."))
                kind = str(picture.format)
                picture.load()
            # The reader forgives a picture that was cut off; what was signed is kept whole, and with nothing after it.
            if not data.rstrip(b"\0").endswith(ENDS[kind]):
                raise _no(_("Bildet er ikke helt. Skann eller lagre det på nytt."))
            return IMAGES[kind]
    except BROKEN:
        raise _no(_("Filen er ikke en PDF, PNG eller JPEG som kan leses.")) from None


def _no(words: str) -> Refused:
    return Refused("document", words, {"document": [words]})
