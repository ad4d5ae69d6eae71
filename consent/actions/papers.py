"""What a file may be, signed document or attachment alike, judged by its content and never by its name. Decides nothing about consents."""

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from PIL import Image

from coordination.refusals import refused_at

#: The most a document may weigh.
MAX_BYTES = 10 * 1024 * 1024
#: The most an image may measure: a page scanned at 600 dpi, no bomb.
MAX_PIXELS = 80_000_000
#: What makes a PDF do something, or hides what it holds.
ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|Filespec|OpenAction|RichMedia|XFA|Encrypt|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])"
    # The shortest names stand in any scanned page by chance; with what must follow them they do not.
    rb"|/AA\s*(?:<<|\d+\s+\d+\s+R)|/JS\s*(?:[(<]|\d+\s+\d+\s+R)"
)
#: A name in a PDF may be spelled with the codes of its letters: /J#61vaScript.
SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: A stream of objects hides names from whoever reads the file as it lies. What it is packed with, and how far it may unfold.
STREAM = re.compile(rb"<<(?P<head>(?:(?!endobj).){0,2000}?)>>\s*stream\r?\n", re.DOTALL)
MAX_UNFOLDED = 50 * 1024 * 1024
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
    """Return a file that is what it says. Raises `Refused` for anything but a quiet PDF, a PNG or a JPEG of at most 10 MB."""
    if not data:
        raise refused_at("document", _("Filen er tom. Velg en annen."))
    if len(data) > MAX_BYTES:
        raise refused_at("document", _("Filen er større enn 10 MB. Skann på nytt med lavere oppløsning."))
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise refused_at("document", _("PDF-filen er ikke hel. Skann eller lagre den på nytt."))
        if not _quiet(data):
            raise refused_at(
                "document",
                _("PDF-filen har innhold som kan kjøres, eller er låst med passord. Skriv den ut til en ny PDF først."),
            )
        return SignedDocument(data, "application/pdf")
    return SignedDocument(data, _image(data))


def _quiet(data: bytes) -> bool:
    """Return whether a PDF does nothing by itself, carries no file and hides no name. Looks into its streams of objects too."""
    if _acts(data):
        return False
    left, packed = MAX_UNFOLDED, 0
    for found in STREAM.finditer(data):
        head = SPELLED.sub(_letter, found["head"])
        if b"/ObjStm" not in head:
            continue
        packed += head.count(b"/ObjStm")
        if b"/FlateDecode" not in head or b"/DecodeParms" in head:
            # Packed in a way nobody packs objects: it cannot be looked into, so it is not let in.
            return False
        unfold = zlib.decompressobj()
        try:
            text = unfold.decompress(data[found.end() :], left)
        except zlib.error:
            return False
        left -= len(text)
        if left <= 0 or _acts(text):
            return False
    # One that was not found as a stream was written so as not to be found.
    return packed == SPELLED.sub(_letter, data).count(b"/ObjStm")


def _acts(text: bytes) -> bool:
    """Return whether a name that acts stands in some text of a PDF, plainly or spelled with codes."""
    return ACTIVE.search(text) is not None or ACTIVE.search(SPELLED.sub(_letter, text)) is not None


def _letter(code: re.Match[bytes]) -> bytes:
    return bytes([int(code[1], 16)])


def _image(data: bytes) -> str:
    """Return the type of an image that can be read to its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(IMAGES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise refused_at("document", _("Bildet er for stort. Skann med lavere oppløsning."))
                kind = str(picture.format)
                picture.load()
            # The reader forgives a picture that was cut off; what was signed is kept whole, and with nothing after it.
            if not data.rstrip(b"\0").endswith(ENDS[kind]):
                raise refused_at("document", _("Bildet er ikke helt. Skann eller lagre det på nytt."))
            return IMAGES[kind]
    except BROKEN:
        raise refused_at("document", _("Filen er ikke en PDF, PNG eller JPEG som kan leses.")) from None
