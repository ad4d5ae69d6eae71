"""Every flow of information the circulars tell of, beside the kind of letter that carries it: between the right sides, on a permitted ground."""

import pytest
import yaml

from consent.letters import KINDS
from coordination.reference import FIXTURES
from coordination.worlds import World

PRISON, MUNICIPALITY, TRUST = {World.CUSTODY}, {World.MUNICIPAL_HEALTH}, {World.SPECIALIST_HEALTH}
HEALTH = MUNICIPALITY | TRUST
#: Which worlds a side of the register may be. Sides that no world is of have no post here.
SIDES = {
    "KRIM": PRISON,
    "KHO": MUNICIPALITY,
    "SPES": TRUST,
    "HELSE": HEALTH,
    "HF": TRUST,
    "KHO,SPES": HEALTH,
    "SPES,KRIM": TRUST | PRISON,
    "KRIM/KHO": PRISON | MUNICIPALITY,
    "KRIM/others": PRISON,
    "KRIM/police": PRISON,
    "KRIM helper": PRISON,
    "KHO/SPES": HEALTH,
    "kommuneoverlege/SPES": HEALTH,
    "treatment place, KHO": HEALTH,
    "institution": TRUST,
    "previous provider": HEALTH,
    "other providers": HEALTH,
    "cooperating personnel": HEALTH,
    "oppholdskommune/fastlege": HEALTH,
    "koordinerende enhet": MUNICIPALITY,
    "anyone necessary": HEALTH,
    **dict.fromkeys(("both",), PRISON | HEALTH),
    **dict.fromkeys(("public bodies", "others", "partners", "participants", "services", "invitees"), PRISON | HEALTH),
}
#: Flows that no letter carries, each with the reason.
OUTSIDE = {
    ("RM5-e", 0): "the police are not in Samvirke; a report on LB20 goes on paper",
    ("R5.3.1-g", 0): "voluntary organisations are not in Samvirke; they hear from the person",
    ("R6.1-g", 0): "only an answer to the prison's request may rest on LB09",
    ("R6.1-h", 0): "only an answer to the prison's request may rest on LB09",
    ("R8.4-o", 0): "a deviation is no letter: it is shared in the cooperation world without personal data",
    ("RM9-a", 0): "facts about operation are shared in meetings of the cooperation world",
    ("RM9-b", 0): "figures go in reports",
}
#: (duty, place in its list) → kind
CARRIED = {
    ("R4.1-a", 0): "follow_up_information",
    ("R4.1-a", 1): "follow_up_information",
    ("R4.1-c", 0): "health_contact",
    ("R4.1-d", 0): "release_information",
    ("R4.1-e", 0): "release_information",
    ("R4.2-k", 0): "treatment_information",
    ("R4.2-l", 0): "treatment_information",
    ("R4.3-g", 0): "treatment_information",
    ("R4.3-i", 0): "referral",
    ("R4.3-m", 0): "treatment_information",
    ("R5.1.1-b", 0): "danger_information",
    ("R5.1.1-c", 0): "health_contact",
    ("R5.1.1-d", 0): "health_contact",
    ("R5.1.1-e", 0): "danger_information",
    ("R5.1.1-f", 0): "health_advice",
    ("R5.1.2-a", 0): "health_information",
    ("R5.1.2-e", 0): "health_advice",
    ("R5.1.2-g", 0): "treatment_information",
    ("R5.1.2-h", 0): "health_information",
    ("R5.1.3-a", 0): "treatment_information",
    ("R5.2.1-a", 0): "health_contact",
    ("R5.2.1-c", 0): "needs_summary",
    ("R5.2.1-i", 0): "appointment",
    ("R5.2.1-j", 0): "escort_notice",
    ("R5.2.1-m", 0): "transfer_notice",
    ("R5.2.1-n", 0): "health_information",
    ("R5.2.1-o", 0): "release_information",
    ("R5.2.1-p", 0): "follow_up_information",
    ("R5.2.1-p", 1): "health_information",
    ("R5.2.1-r", 0): "release_information",
    ("R5.2.2-c", 0): "health_advice",
    ("R5.2.2-d", 0): "referral",
    ("R5.2.2-i", 0): "exclusion_notice",
    ("R5.2.3-b", 0): "appointment",
    ("R5.2.3-c", 0): "danger_information",
    ("R5.2.4-e", 0): "follow_up_information",
    ("R5.2.4-f", 0): "medication_handout",
    ("R5.2.4-g", 0): "medication_handout",
    ("R5.2.4-m", 0): "health_information",
    ("R5.2.4-n", 0): "health_information",
    ("R5.2.4-r", 0): "coordinator_need",
    ("R5.2.4-t", 0): "health_information",
    ("R5.3.1-a", 0): "release_information",
    ("R5.3.1-b", 0): "release_information",
    ("R5.3.1-c", 0): "release_notice",
    ("R5.3.1-d", 0): "release_information",
    ("R5.3.1-e", 0): "release_now",
    ("R5.3.2-a", 0): "treatment_information",
    ("R5.3.3-a", 0): "treatment_information",
    ("R5.3.4-a", 0): "follow_up_information",
    ("R6.1-b", 0): "needs_summary",
    ("R6.1-c", 0): "follow_up_information",
    ("R6.1-d", 0): "danger_information",
    ("R6.1-e", 0): "petition",
    ("R6.1-f", 0): "danger_information",
    ("R6.2-e", 0): "health_information",
    ("R6.2-f", 0): "treatment_information",
    ("R6.2-g", 0): "medication_handout",
    ("R6.2-h", 0): "health_information",
    ("R6.2-i", 0): "environment_findings",
    ("R6.3-e", 0): "consent_notice",
    ("R7.1.1-d", 0): "lock_in_notice",
    ("R7.1.2-b", 0): "exclusion_notice",
    ("R7.1.2-c", 0): "exclusion_notice",
    ("R7.1.2-d", 0): "health_check_request",
    ("R7.1.2-e", 0): "exclusion_notice",
    ("R7.1.2-f", 0): "health_check_request",
    ("R7.1.2-g", 0): "health_advice",
    ("R7.1.2-o", 0): "health_advice",
    ("R7.1.2-q", 0): "coercive_means_notice",
    ("R7.1.2-s", 0): "health_advice",
    ("R7.1.2-z", 0): "health_advice",
    ("R7.1.3-a", 0): "exclusion_notice",
    ("R7.1.3-b", 0): "follow_up_proposal",
    ("R7.1.3-c", 0): "follow_up_responsible",
    ("R7.1.3-h", 0): "harm_report",
    ("R7.1.3-i", 0): "harm_report",
    ("R7.1.3-j", 0): "health_advice",
    ("R7.1.3-l", 0): "lock_in_notice",
    ("R7.1.3-o", 0): "referral",
    ("R7.1.3-p", 0): "environment_findings",
    ("R7.1.3-q", 0): "environment_findings",
    ("R7.2-a", 0): "danger_information",
    ("R7.2-c", 0): "health_advice",
    ("R7.3-a", 0): "petition",
    ("R7.3-b", 0): "petition",
    ("R7.3-c", 0): "petition",
    ("R7.3-d", 0): "petition_outcome",
    ("RM3-b", 0): "recovery_information",
    ("RM3-e", 0): "treatment_information",
    ("RM4-f", 0): "recovery_information",
    ("RM4-f", 1): "health_information",
    ("RM4-t", 0): "recovery_information",
    ("RM6-b", 0): "health_information",
    ("RM6-c", 0): "treatment_information",
    ("RM6-f", 0): "treatment_information",
    ("RM7-d", 0): "consent_notice",
    ("RM7-g", 0): "consent_notice",
}
FLOWS = {
    (duty["id"], place): flow
    for duty in yaml.safe_load((FIXTURES / "obligations.yaml").read_text())
    for place, flow in enumerate(duty["information_flow"] or [])
}


def side(name: str) -> set[World]:
    """Return the worlds a side of the register may be; both ways are written with an arrow at the end."""
    return SIDES[name.strip().rstrip("<").strip()]


def test_every_flow_has_a_kind_or_a_reason():
    assert set(FLOWS) == set(CARRIED) | set(OUTSIDE)
    assert not set(CARRIED) & set(OUTSIDE)


@pytest.mark.obligation("R5.2.4-e")
@pytest.mark.parametrize("flow", CARRIED, ids=lambda flow: f"{flow[0]}/{flow[1]}")
def test_its_kind_goes_between_those_sides_on_one_of_those_grounds(flow):
    row, kind = FLOWS[flow], KINDS[CARRIED[flow]]
    assert set(kind.senders) & side(row["from"]), kind.senders
    assert set(kind.recipients) & side(row["to"]), kind.recipients
    assert set(kind.bases) & set(row["legal_basis"]), kind.bases


def test_every_kind_says_what_it_is_in_words_and_names_its_fields():
    for kind in KINDS.values():
        assert str(kind.title).strip()
        assert len({field.name for field in kind.fields}) == len(kind.fields)
        assert all(str(field.label).strip() for field in kind.fields)
