"""Writes legal bases and kinds of letters where the postman checks them."""

from consent.letters import KINDS, postman_fields
from consent.models import LegalBasis, LegalBasisVersion, LetterKindRow
from coordination import reference
from coordination.reference_data import loader
from coordination.worlds import PERSONAL_WORLDS


@loader
def load_law() -> None:
    """Legal bases with their dated statutes. A version that changed is rewritten; letters keep the text they were sent with."""
    worlds = {world.value for world in PERSONAL_WORLDS}
    for basis in reference.legal_bases():
        row, _made = LegalBasis.objects.using("owner").update_or_create(
            code=basis.code,
            defaults={
                "key": basis.key,
                "title": basis.title,
                "senders": [w for w in basis.senders if w in worlds],
                "recipients": [w for w in basis.recipients if w in worlds],
                "routes": [f"{a}>{b}" for a, b in basis.routes],
                "on_request": basis.on_request,
                "needs": basis.needs,
                "blocked_by": basis.blocked_by,
                "duty": basis.duty,
                "inform_inmate": basis.inform_inmate,
            },
        )
        for version in basis.versions:
            LegalBasisVersion.objects.using("owner").update_or_create(
                basis=row,
                valid_from=version.valid_from,
                defaults={"statute": version.statute, "valid_to": version.valid_to},
            )


@loader
def load_kinds() -> None:
    """Kinds of letters from the apps' registries."""
    for kind in KINDS.values():
        LetterKindRow.objects.using("owner").update_or_create(
            code=kind.code,
            defaults={
                "title": kind.title,
                "senders": [str(w) for w in kind.senders],
                "recipients": [str(w) for w in kind.recipients],
                "sender_roles": [role.value for role in kind.sender_roles],
                "bases": list(kind.bases),
                "category": kind.category,
                "fields": postman_fields(kind),
                "awaits": kind.awaits,
                "due_minutes": int(kind.due.total_seconds() // 60) if kind.due else None,
                "sender_rule": kind.sender_rule,
                "recipient_rule": kind.recipient_rule,
            },
        )
