"""The trust's page in parts, and what the municipality must do when a referral is shown elsewhere."""

import re
from datetime import timedelta
from uuid import uuid4

from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination.paging import part_of
from referrals import access
from referrals.models import MunicipalReferral, SpecialistReferral
from tests.cast import AT, Cast
from tests.cooperation.making import clone
from tests.referrals.hospital import SECRET, decide, form, newest, patient, receive, refer, write

CASES = "specialist_health.referrals_specialistreferral"
DESK = "/henvisninger/mottak/"


def many(admin, case, count: int, **changes) -> None:
    for n in range(count):
        due = AT + timedelta(days=20, hours=n)
        clone(
            admin, CASES, case, thread_id=uuid4(), letter_id=uuid4(), assessment_due_at=due, received_at=due, **changes
        )


def links(page: str, rel: str) -> list[str]:
    return [part.split('href="')[1].split('"')[0].replace("&amp;", "&") for part in page.split(f'rel="{rel}"')[1:]]


def test_everything_at_the_desk_can_be_reached_in_parts(cast: Cast, admin) -> None:
    refer(cast, patient(cast))
    many(admin, receive(cast), 124)
    client = cast["trust_intake"].client()
    seen, url, turns = 0, DESK, 0
    while True:
        page = client.get(url).content.decode()
        assert '<span class="task-group__count">125</span>' in page
        seen += page.count(f'href="{DESK}') - page.count(f'href="{DESK}"') - page.count(f'href="{DESK}?')
        forward = links(page, "next")
        if not forward:
            break
        url, turns = DESK + forward[0], turns + 1
    assert (seen, turns) == (125, 2)
    back = client.get(DESK + links(page, "prev")[0]).content.decode()
    assert links(back, "prev")
    assert not links(client.get(DESK + links(back, "prev")[0]).content.decode(), "prev")


def test_new_letters_and_decided_referrals_turn_on_their_own(cast: Cast, admin) -> None:
    pk = patient(cast)
    refer(cast, pk)
    letter = newest(cast)
    for n in range(60):
        clone(admin, "specialist_health.consent_specialistletter", letter.pk, letter_id=uuid4(), thread_id=uuid4(),
              sent_at=letter.sent_at + timedelta(seconds=n + 1))  # fmt: skip
    client = cast["trust_intake"].client()
    page = client.get(DESK).content.decode()
    assert '<span class="task-group__count">61</span>' in page
    (forward,) = links(page, "next")
    assert "brev=" in forward
    assert client.get(DESK + forward).content.decode().count(f"{DESK}brev/") == 11
    many(admin, receive(cast), 60, state="right_denied")
    page = client.get(f"{DESK}?vis=avgjort").content.decode()
    (forward,) = links(page, "next")
    assert "vis=avgjort" in forward
    assert not links(client.get(DESK + forward).content.decode(), "next")


def test_parts_meet_without_gap_or_overlap_whichever_way_they_are_turned(cast: Cast, admin) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    many(admin, case, 9)
    # Three at the very same instant: the key decides.
    for _n in range(3):
        clone(admin, CASES, case, thread_id=uuid4(), letter_id=uuid4())
    with cast["trust_intake"].acting():
        for newest_first in (False, True):
            whole = list(
                SpecialistReferral.objects.order_by(
                    *(("-received_at", "-pk") if newest_first else ("received_at", "pk"))
                ).values_list("pk", flat=True)
            )

            def part(turn="", newest_first=newest_first):
                return part_of(SpecialistReferral.objects.all(), "received_at", turn, newest=newest_first, size=4)

            first = part()
            forward = [first]
            while forward[-1].after:
                forward.append(part(forward[-1].after))
            assert [row.pk for one in forward for row in one.rows] == whole
            assert {one.total for one in forward} == {13}
            backward = [forward[-1]]
            while backward[-1].before:
                backward.append(part(backward[-1].before))
            assert [row.pk for one in reversed(backward) for row in one.rows] == whole
            for nonsense in ("hest", "e_", "e1_hest", f"e{10**30}_{uuid4()}"):
                assert part(nonsense).rows == first.rows


def test_the_page_costs_the_same_for_one_and_for_thirty(cast: Cast, admin) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    client = cast["trust_intake"].client()

    def cost() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            assert client.get(DESK).status_code == 200
        return len(queries)

    cost()
    one = cost()
    many(admin, case, 29)
    assert cost() == one


def test_a_referral_shown_elsewhere_says_that_it_must_be_sent_anew(cast: Cast) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    case = receive(cast, clinic="trust_clinic")
    doctor = cast["doctor"].client()
    page = f"/henvisninger/{mine}/"
    assert "Dere må henvise på nytt" not in doctor.get(page).content.decode()
    answering = cast["trust_clinician"].client().get(f"{DESK}{case}/").content.decode()
    assert "henviseren får svaret og henviser på nytt" in answering
    decide(cast, case, "redirected")
    with cast["other_trust_intake"].acting() as actor:
        assert not access.unregistered(actor).exists(), "nothing was forwarded"
    told = doctor.get(page).content.decode()
    assert "Dere må henvise på nytt" in told
    new = f"/henvisninger/ny/{pk}/?som={mine}"
    assert new in told
    begun = doctor.get(new).content.decode()
    assert SECRET in begun
    assert f'<option value="{cast.agencies["other_trust"].pk}" selected>' in begun or "checked" in begun
    sent = doctor.post(f"/henvisninger/ny/{pk}/", form(cast, trust=str(cast.agencies["other_trust"].pk)))
    assert sent.status_code == 303
    with cast["other_trust_intake"].acting() as actor:
        assert access.unregistered(actor).count() == 1
    with cast["doctor"].acting():
        assert MunicipalReferral.objects.count() == 2
    leader = cast["health_leader"].client().get(page).content.decode()
    assert "Dere må henvise på nytt" in leader
    assert "?som=" not in leader, "who may not refer is not offered to"


def test_a_new_referral_begins_only_as_one_that_was_shown_elsewhere(cast: Cast) -> None:
    pk, other = patient(cast), patient(cast, number="", family="Trompet")
    mine = refer(cast, pk)
    doctor = cast["doctor"].client()
    assert doctor.get(f"/henvisninger/ny/{pk}/?som={mine}").status_code == 404
    decide(cast, receive(cast), "redirected")
    assert doctor.get(f"/henvisninger/ny/{pk}/?som={mine}").status_code == 200
    for address in (f"{other}/?som={mine}", f"{pk}/?som={uuid4()}"):
        assert doctor.get(f"/henvisninger/ny/{address}").status_code == 404
    assert SECRET not in doctor.get(f"/henvisninger/ny/{pk}/?som=hest").content.decode()


SENT = "/henvisninger/"


def sent_page(client, query: str = "") -> tuple[list[str], str]:
    """Return the keys of the referrals a page lists, in order, and the page."""
    page = client.get(f"{SENT}{query}").content.decode()
    return re.findall(rf'<th scope="row"><a class="ds-link" href="{SENT}([0-9a-f-]{{36}})/"', page), page


def chip(page: str, label: str) -> int:
    return int(re.search(rf'{label} <span class="chips__count">(\d+)</span>', page)[1])


def test_a_municipality_turns_through_all_it_has_sent_in_either_order(cast: Cast, admin) -> None:
    mine = refer(cast, patient(cast))
    made = [
        clone(
            admin,
            "municipal_health.referrals_municipalreferral",
            mine,
            key=uuid4(),
            recorded_at=AT - timedelta(hours=n + 1),
        )
        for n in range(59)
    ]
    client, whole = cast["doctor"].client(), [str(key) for key in (mine, *made)]
    for query, expected in (("", whole), ("?rekke=eldste", whole[::-1])):
        seen, parts = [], 0
        while True:
            keys, page = sent_page(client, query)
            assert chip(page, "Alle") == chip(page, "Venter på vurdering") == 60
            seen, parts = seen + keys, parts + 1
            forward = links(page, "next")
            if not forward:
                break
            query = forward[0]
        assert (seen, parts) == (expected, 2)
        assert sent_page(client, links(page, "prev")[0])[0] == expected[:50]


def test_a_municipality_sees_its_referrals_by_how_they_stand_and_by_trust(cast: Cast) -> None:
    pk = patient(cast)
    drafted, elsewhere = (write(cast, pk, to) for to in ("trust", "other_trust"))
    denied = refer(cast, pk)
    case = receive(cast)
    decide(cast, case, "right_denied")
    with cast["trust_intake"].acting() as actor:
        known = access.access_case(actor, case).person_id
    returned = refer(cast, pk)
    decide(cast, receive(cast, known=known), "returned_for_information")
    received = refer(cast, pk)
    receive(cast, known=known)
    waiting = refer(cast, pk)
    groups = {"": 6, "draft": 2, "waiting": 2, "returned": 1, "decided": 1, "hest": 6}
    client = cast["doctor"].client()
    shown = {group: set(sent_page(client, f"?vis={group}")[0]) for group in groups}
    assert {group: len(keys) for group, keys in shown.items()} == groups
    assert shown["draft"] == {str(drafted), str(elsewhere)}
    assert shown["waiting"] == {str(received), str(waiting)}
    assert (shown["returned"], shown["decided"]) == ({str(returned)}, {str(denied)})
    keys, page = sent_page(client, f"?til={cast.agencies['other_trust'].pk}")
    assert keys == [str(elsewhere)]
    assert (chip(page, "Alle"), chip(page, "Avgjort")) == (1, 0)
    assert sent_page(cast["south_nurse"].client())[0] == []
    with cast["doctor"].acting() as actor:
        told = {str(row.pk): access.access_referral(actor, row.pk).state for row in access.referrals_for(actor)}
    assert told[str(denied)] == "right_denied"
    assert told[str(waiting)] == "sent"
    api = client.get("/api/v1/referrals/", {"state": "returned_for_information"}).json()["results"]
    assert [(row["id"], row["state"]) for row in api] == [(str(returned), "returned_for_information")]


def test_the_municipalitys_page_costs_the_same_for_one_and_for_thirty(cast: Cast, admin) -> None:
    mine, client = refer(cast, patient(cast)), cast["doctor"].client()

    def cost() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            assert client.get(SENT).status_code == 200
        return len(queries)

    cost()
    one = cost()
    for _n in range(29):
        clone(admin, "municipal_health.referrals_municipalreferral", mine, key=uuid4())
    assert len(sent_page(client)[0]) == 30
    assert cost() == one
