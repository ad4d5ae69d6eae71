"""Files of a letter as plain values, read from the letter's own list: nobody opens a file to see that it is there. Asks no database."""

from typing import Any

from django.utils.translation import gettext as _

from consent.letters import ATTACHMENTS
from consent.models import Letter

#: What a file is called by its type, and what its name ends in when it is saved.
KINDS = {"application/pdf": ("PDF", "pdf"), "image/png": ("PNG", "png"), "image/jpeg": ("JPEG", "jpg")}


def attachment_rows(letter: Letter) -> list[dict[str, Any]]:
    """Return number, name, type, size and hash of every file a letter lists."""
    rows = []
    for number, line in enumerate(letter.body.get(ATTACHMENTS.name) or [], start=1):
        digest, size, content_type, name = str(line).split(" ", 3)
        rows.append(
            {
                "number": number,
                "name": name,
                "kind": KINDS[content_type][0],
                "size": _size(int(size)),
                "digest": digest,
            }
        )
    return rows


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return _("%(count)s kB") % {"count": max(1, round(count / 1024))}
    return _("%(count)s MB") % {"count": f"{count / 1024 / 1024:.1f}".replace(".", ",")}
