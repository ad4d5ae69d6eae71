"""How the tests call the API, and which lists and rows stand behind which wall. Holds no test."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

API = "/api/v1"

#: list → who gets rows from it in the story; everybody else gets an empty page or 404
LISTS: dict[str, set[str]] = {
    "people/": {"officer", "officer_b", "contact_officer", "duty_leader", "release_caseworker", "warden", "south_officer", "south_duty_leader", "nurse", "doctor", "health_leader", "trust_intake", "trust_clinician", "trust_leader"},
    "stays/": {"officer", "officer_b", "contact_officer", "duty_leader", "release_caseworker", "warden", "south_officer", "south_duty_leader"},
    "health-contacts/": {"officer", "contact_officer", "duty_leader", "release_caseworker", "warden"},
    "measures/": {"officer", "contact_officer", "duty_leader", "release_caseworker", "warden"},
    "courses/": {"nurse", "doctor", "health_leader"},
    "visits/": {"nurse", "doctor"},
    "referrals/": {"nurse", "doctor", "health_leader"},
    "received-referrals/": {"trust_intake", "trust_clinician", "trust_leader"},
    "proposals/": {"officer", "contact_officer", "duty_leader", "warden"},
    "informal-isolation/": {"officer", "contact_officer", "duty_leader", "release_caseworker", "warden"},
    "harm-reports/": {"nurse", "doctor"},
    "transfers/": {"nurse", "doctor", "health_leader"},
    "specialist-courses/": {"trust_intake", "trust_clinician", "trust_leader"},
    "duty-leaders/": {"warden"},
    "units/": {"officer", "officer_b", "contact_officer", "duty_leader", "release_caseworker", "warden", "south_officer", "south_duty_leader"},
    "receiving-units/": {"duty_leader", "release_caseworker", "warden", "south_duty_leader"},
    "recovery-applications/": {"contact_officer", "duty_leader", "release_caseworker", "warden"},
    "release-dates/": {"contact_officer", "duty_leader", "release_caseworker", "warden", "south_duty_leader"},
}  # fmt: skip

#: row, or list of what belongs to a row → (key in the story, who reads it); everybody else gets the 404 of a row that is not there
ROWS: dict[str, tuple[str, set[str]]] = {
    "people/{}/": ("person", LISTS["measures/"]),
    "people/{}/attention/": ("person", LISTS["measures/"]),
    "attention/{}/": ("attention", LISTS["measures/"]),
    "people/{}/action-plans/": ("person", LISTS["measures/"]),
    "people/{}/consultations/": ("patient", {"nurse", "doctor"}),
    "courses/{}/trust-visit/": ("course", {"nurse", "doctor"}),
    "letters/{}/readers/": ("muni_letter", {"nurse", "doctor", "health_leader"}),
    "people/{}/consents/": ("person", LISTS["measures/"]),
    "people/{}/objections/": ("patient", LISTS["courses/"]),
    "people/{}/release-plan/": ("person", {"contact_officer", "duty_leader", "release_caseworker", "warden"}),
    "people/{}/insight/": ("person", {"warden"}),
    "people/{}/withholdings/": ("person", {"warden"}),
    "people/{}/consent-talks/": ("person", LISTS["measures/"]),
    "people/{}/consent-questions/": ("person", LISTS["measures/"]),
    "people/{}/interviews/": ("person", LISTS["measures/"]),
    "interviews/{}/": ("interview", LISTS["measures/"]),
    "people/{}/needs-mappings/": ("person", LISTS["recovery-applications/"]),
    "needs-mappings/{}/": ("mapping", LISTS["recovery-applications/"]),
    "recovery-applications/{}/": ("recovery", LISTS["recovery-applications/"]),
    "measures/{}/": ("measure", LISTS["measures/"]),
    "measures/{}/checks/": ("measure", LISTS["measures/"]),
    "measures/{}/contacts/": ("measure", LISTS["measures/"]),
    "people/{}/time-out/": ("person", LISTS["measures/"]),
    "proposals/{}/": ("proposal", {"officer", "contact_officer", "duty_leader", "warden"}),
    "informal-isolation/{}/": ("informal", LISTS["informal-isolation/"]),
    "informal-isolation/{}/activity-plans/": ("informal", LISTS["informal-isolation/"]),
    "courses/{}/motivations/": ("course", {"nurse", "doctor"}),
    "referrals/{}/": ("referral", LISTS["referrals/"]),
    "received-referrals/{}/": ("case", LISTS["received-referrals/"]),
}

#: verb → (method, key in the story, who may)
VERBS: dict[str, tuple[str, str, set[str]]] = {
    "people/{}/expected-release/": ("put", "person", LISTS["measures/"]),
    "people/{}/stay/": ("put", "person", LISTS["measures/"]),
    "people/{}/stay/end/": ("put", "person", {"duty_leader", "release_caseworker", "warden"}),
    "people/{}/unit/": ("put", "person", {"duty_leader", "release_caseworker", "warden"}),
    "people/{}/hand-over/": ("put", "person", {"duty_leader", "release_caseworker", "warden"}),
    "people/{}/release-notices/": ("post", "person", {"duty_leader", "release_caseworker", "warden"}),
    "people/{}/release-plan/": ("put", "person", {"duty_leader", "release_caseworker", "warden"}),
    "letters/{}/acknowledgement/": ("put", "muni_letter", {"nurse", "doctor", "health_leader"}),
    "letters/{}/filing/": ("put", "muni_letter", {"nurse", "doctor", "health_leader"}),
    "people/{}/health-contacts/": ("post", "person", LISTS["health-contacts/"]),
    "measures/{}/checks/": ("post", "measure", {"officer", "contact_officer", "duty_leader", "warden"}),
    "measures/{}/end/": ("put", "measure", {"duty_leader", "warden"}),
    "people/{}/measures/": ("post", "person", {"duty_leader", "warden"}),
    "people/{}/interviews/": ("post", "person", {"officer", "contact_officer", "duty_leader"}),
    "people/{}/needs-mappings/": ("post", "person", {"contact_officer"}),
    "needs-mappings/{}/answer/": ("put", "mapping", {"contact_officer"}),
    "needs-mappings/{}/result/": ("put", "mapping", {"contact_officer"}),
    "people/{}/consents/": ("post", "person", LISTS["measures/"]),
    "people/{}/objections/": ("post", "patient", LISTS["courses/"]),
    "objections/{}/lifting/": ("put", "objection", LISTS["courses/"]),
    "objections/{}/overrides/": ("post", "objection", {"nurse", "doctor"}),
    "people/{}/withholdings/": ("post", "person", {"warden"}),
    "people/{}/consent-talks/": ("post", "person", LISTS["measures/"]),
    "consent-talks/{}/refusal/": ("put", "talk", LISTS["measures/"]),
    "consent-talks/{}/signature/": ("put", "talk", LISTS["measures/"]),
    # Health personnel decide on competence; the talk of the story is a prison's.
    "consent-talks/{}/competence/": ("put", "talk", set()),
    "consents/{}/filing/": ("put", "consent", LISTS["measures/"]),
    "consents/{}/narrowing/": ("put", "consent", LISTS["measures/"]),
    "consent-questions/{}/answer/": ("put", "question", LISTS["measures/"]),
    "people/{}/information-requests/": ("post", "person", {"duty_leader"}),
    "letters/{}/information-answer/": ("put", "request_letter", {"nurse", "doctor"}),
    "consents/{}/withdrawal/": ("put", "consent", LISTS["measures/"]),
    "letters/{}/correction/": ("put", "prison_letter", {"duty_leader", "warden"}),
    "letters/{}/advice-answer/": ("put", "advice_letter", {"duty_leader", "warden"}),
    "letters/{}/advice/": ("post", "muni_letter", {"nurse", "doctor"}),
    "letters/{}/referral-receipt/": ("put", "trust_letter", {"trust_intake", "trust_leader"}),
    "people/{}/visits/": ("post", "patient", {"nurse", "doctor"}),
    "people/{}/referrals/": ("post", "patient", {"nurse", "doctor"}),
    "referrals/{}/draft/": ("put", "referral", {"nurse", "doctor"}),
    "referrals/{}/sending/": ("put", "referral", {"nurse", "doctor"}),
    "referrals/{}/versions/": ("post", "referral", {"nurse", "doctor"}),
    "referrals/{}/withdrawal/": ("put", "referral", {"nurse", "doctor"}),
    "received-referrals/{}/clinic/": ("put", "case", {"trust_intake", "trust_leader"}),
    "received-referrals/{}/decision/": ("post", "case", LISTS["received-referrals/"]),
}

STAFF = {"officer", "contact_officer", "duty_leader", "warden"}
CLINICIANS = {"nurse", "doctor"}
VERBS |= {
    f"measures/{{}}/{verb}/": (method, "measure", doers)
    for method, doers, verbs in (
        ("post", {"duty_leader", "warden"}, ("steps", "court-orders", "reassessments")),
        ("put", {"duty_leader", "warden"}, ("review", "length", "closing", "interval", "interval/end", "watch-order", "watch-order/end")),
        ("post", STAFF, ("watches", "watch-notes", "contacts", "mitigations")),
        ("put", STAFF, ("watch-end",)),
        ("post", {"contact_officer", "duty_leader", "warden"}, ("weekly-plans",)),
    )
    for verb in verbs
}  # fmt: skip
VERBS |= {
    "people/{}/recovery-applications/": ("post", "person", {"contact_officer", "duty_leader", "warden"}),
    "recovery-applications/{}/answer/": ("put", "recovery", {"contact_officer", "duty_leader", "warden"}),
    "recovery-applications/{}/place/": ("put", "recovery", {"duty_leader", "warden"}),
    "recovery-applications/{}/decision/": ("put", "recovery", {"duty_leader", "warden"}),
    "recovery-applications/{}/withdrawal/": ("put", "recovery", {"contact_officer", "duty_leader", "warden"}),
    "checks/{}/undoing/": ("put", "check", STAFF),
    "contacts/{}/striking/": ("put", "contact", STAFF),
    "people/{}/proposals/": ("post", "person", STAFF),
    "proposals/{}/statement/": ("put", "proposal", {"duty_leader", "warden"}),
    "proposals/{}/withdrawal/": ("put", "proposal", {"duty_leader", "warden"}),
    "people/{}/time-out/": ("post", "person", STAFF),
    "people/{}/time-out-days/": ("post", "person", STAFF),
    "units/{}/time-out-days/": ("post", "unit", STAFF),
    "people/{}/informal-isolation/": ("post", "person", STAFF),
    "informal-isolation/{}/activity-plans/": ("post", "informal", {"contact_officer", "duty_leader", "warden"}),
    "informal-isolation/{}/considerations/": ("post", "informal", {"duty_leader", "warden"}),
    "informal-isolation/{}/talks/": ("post", "informal", STAFF),
    "informal-isolation/{}/end/": ("put", "informal", STAFF),
    "people/{}/advice-requests/": ("post", "person", {"duty_leader", "warden"}),
    "people/{}/health-checks/": ("post", "person", STAFF),
    "letters/{}/harm-receipt/": ("put", "harm_letter", {"duty_leader", "warden"}),
    "letters/{}/harm-decision/": ("put", "harm_letter", {"duty_leader", "warden"}),
    "letters/{}/findings-answer/": ("put", "environment_letter", {"duty_leader", "warden"}),
    "courses/{}/considerations/": ("post", "course", CLINICIANS),
    "courses/{}/frequency-plans/": ("post", "course", {"doctor"}),
    "courses/{}/motivations/": ("post", "course", CLINICIANS),
    "courses/{}/harm-reports/": ("post", "course", CLINICIANS),
    "courses/{}/transfers/": ("post", "course", CLINICIANS),
    "transfers/{}/start/": ("put", "transfer", CLINICIANS),
    "transfers/{}/end/": ("put", "transfer", CLINICIANS),
    "prisons/{}/findings/": ("post", "prison", CLINICIANS),
    "letters/{}/transfer-answer/": ("post", "proposal_letter", {"trust_intake", "trust_clinician", "trust_leader"}),
    "specialist-courses/{}/visits/": ("post", "specialist_course", {"trust_intake", "trust_clinician", "trust_leader"}),
}  # fmt: skip


VERBS |= {
    "people/": ("post", "person", LISTS["stays/"]),
    "people/{}/admission/": ("put", "person", {"duty_leader", "release_caseworker", "warden"}),
    "people/{}/facts/": ("put", "person", LISTS["measures/"]),
    "patients/{}/facts/": ("put", "patient", {"nurse", "doctor", "health_leader"}),
    "people/{}/attention/": ("put", "person", LISTS["measures/"]),
    "attention/{}/keeping/": ("put", "attention", {"contact_officer", "duty_leader", "warden"}),
    "attention/{}/lifting/": ("put", "attention", {"contact_officer", "duty_leader", "warden"}),
    "people/{}/action-plans/": ("post", "person", {"officer", "contact_officer", "duty_leader"}),
    "people/{}/consultations/": ("post", "patient", CLINICIANS),
    "letters/{}/patient/": ("put", "muni_letter", CLINICIANS),
    "courses/{}/trust-visit/": ("put", "course", CLINICIANS),
    "letters/{}/assignment/": ("put", "muni_letter", {"nurse", "doctor", "health_leader"}),
    "letters/{}/forwarding/": ("put", "muni_letter", {"nurse", "doctor", "health_leader"}),
    "letters/{}/reminder/": ("put", "prison_letter", LISTS["measures/"]),
    "people/{}/shared-letter/": ("put", "person", LISTS["measures/"]),
}


#: Operations whose walls have tests of their own.
ELSEWHERE = {("get", path) for path in ("deadlines/", "inbox/", "outbox/", "letters/{}/", "schema/")}
#: On the ground that agencies share, tried with rows of its own in tests/cooperation/test_shared_api.py.
ELSEWHERE |= {(method, path) for method in ("get", "post") for path in ("deviations/", "forums/")} | {
    ("get", "meetings/")
}
#: The same, where the story has nothing behind the door, or it is an administrator's, or it makes files.
SELDOM = {
    *(("get", "law-date/"), ("put", "law-date/"), ("put", "duty-leaders/{}/deputyship/")),
    *(("put", "withholdings/{}/end/"), ("get", "letters/{}/export/"), ("get", "jobs/{}/"), ("get", "jobs/{}/file/")),
    # Only somebody on remand, and a bulk of letters that are each behind their own wall.
    *(("post", "people/{}/remand-assessments/"), ("put", "inbox/acknowledgement/")),
    *(("post", "people/{}/letter-exports/"), ("post", "people/{}/insight-papers/")),
    # As above: the story shares nothing.
    *(("get", "deviations/{}/"), ("post", "deviations/{}/notes/"), ("put", "deviations/{}/closing/")),
    *(
        ("get", "meetings/{}/"),
        ("post", "meetings/{}/notes/"),
        ("put", "meetings/{}/minutes/"),
        ("post", "forums/{}/meetings/"),
    ),
}


def get(client: Client, path: str, **query: Any) -> Any:
    """Get an address of the API."""
    return client.get(f"{API}/{path}", query)


def send(client: Client, method: str, path: str, body: Any = None, *, key: Any = None, **headers: Any) -> Any:
    """Send a verb with a key, a fresh one unless told."""
    return getattr(client, method)(
        f"{API}/{path}",
        data=json.dumps({} if body is None else body),
        content_type="application/json",
        headers={"Idempotency-Key": str(key or uuid4()), **headers},
    )
