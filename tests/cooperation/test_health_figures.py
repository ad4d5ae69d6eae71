"""Figures of visits go from the health service's report to the prison's: about nobody, once, and nothing small by any arithmetic."""

from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from consent.actions import Undelivered, send_letter
from consent.models import CustodyLetter, MunicipalLetter
from cooperation.access import reports as access
from coordination import clock, jobs
from follow_up.rules import FIRST_TARGET
from tests.cast import AT
from tests.cooperation.making import FIRST, LAST, clone, made
from tests.cooperation.test_counting import change, visited
from tests.cooperation.test_subtraction import measures
from tests.follow_up import sending
from tests.isolation.helpers import HOUR

COURSE, VISIT = "municipal_health.follow_up_supervisioncourse", "municipal_health.follow_up_healthvisit"
NONE_CAME = "Helsetjenesten har ikke sendt tall for tilsyn i denne perioden."
NORTH, SOUTH = "Prøveby fengsel north", "Prøveby fengsel south"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views and the worker read a fixed clock, and let messages stay."""
    monkeypatch.setattr(clock, "now", lambda: AT + 6 * HOUR)
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)


def forget_notices(admin) -> None:
    """Let the notices that were really sent be old: one letter in the period would be a small count beside the courses, and hide them."""
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE municipal_health.consent_municipalletter SET sent_at = %s WHERE kind = 'exclusion_notice'",
            [AT - timedelta(days=90)],
        )


@pytest.fixture
def followed(cast, admin):
    """Return a function that makes courses of supervision ten days ago, visited after so many hours; the one they copy lies long before."""
    letter_id = sending.notice(cast)
    sending.taken_on(cast, letter_id)
    visited(cast, letter_id, 10)
    base, visit = (admin.execute(f"SELECT id FROM {table}").fetchone()[0] for table in (COURSE, VISIT))
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            f"UPDATE {COURSE} SET effective_at = %s, ended_at = %s", [AT - timedelta(days=90), AT - timedelta(days=89)]
        )

    forget_notices(admin)

    def make(count: int, *hours: float, prison: str = "north") -> None:
        began = AT - timedelta(days=10)
        for _n in range(count):
            course = clone(
                admin, COURSE, base, thread_id=uuid4(), effective_at=began, first_target_at=began + FIRST_TARGET,
                ended_at=began + (hours[-1] + 1) * HOUR, prison_id=cast.agencies[prison].pk,
            )  # fmt: skip
            for hour in hours:
                clone(admin, VISIT, visit, key=uuid4(), course_id=course, done_at=began + hour * HOUR)

    return make


def tell(cast, report, prison="north", who="health_leader"):
    return cast[who].client().post(f"/rapporter/{report}/til-fengselet/", {"prison": str(cast.agencies[prison].pk)})


def page_of(cast, report, who="warden") -> str:
    answer = cast[who].client().get(f"/rapporter/{report}/")
    assert answer.status_code == 200
    return answer.content.decode()


def section(page: str) -> str:
    """Return the health service's part of a page."""
    return page[page.index('id="health-title"') :].split("</section>", maxsplit=1)[0]


def paper_of(cast, report) -> str:
    content = cast["warden"].client().get(f"/rapporter/{report}/pdf/").content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def sent(cast) -> list[MunicipalLetter]:
    with cast["health_leader"].acting():
        return list(MunicipalLetter.objects.filter(kind="supervision_figures"))


def stored(admin, report) -> dict:
    row = admin.execute("SELECT content FROM municipal_health.cooperation_municipalreport WHERE id = %s", [report])
    return {figure["code"]: figure for figure in row.fetchone()[0]}


@pytest.mark.obligation("R6.2-i")
def test_the_leader_sends_once_and_the_prison_s_report_shows_it(cast, followed, admin):
    followed(12, 10, 30)
    report = made(cast, "health_leader")
    assert f"Send tall for tilsyn til {NORTH}" in page_of(cast, report, "health_leader")
    assert SOUTH not in page_of(cast, report, "health_leader"), "the service serves one prison"
    for _press in range(2):
        assert tell(cast, report).status_code == 303
    (letter,) = sent(cast)
    assert (letter.person_id, letter.basis, letter.awaits) == (None, "LB15", "")
    assert letter.body == {
        "period_start": "2026-10-01", "period_end": "2026-11-23", "courses": "12", "first_on_time": "12", "first_late": "0",
        "first_missing": "0", "first_not_due": "0", "daily_on_time": "12", "daily_late": "0", "daily_missing": "0", "daily_total": "12",
    }  # fmt: skip
    after = page_of(cast, report, "health_leader")
    assert "Send tall for tilsyn til" not in after
    assert f"/post/{letter.pk}/" in after
    own = made(cast, "warden")
    shown = section(page_of(cast, own))
    for words in ("Fengselshelsetjenesten north", "Sendt av Health Leader", "Første tilsyn", "Daglige tilsyn", "100 %"):
        assert words in shown, words
    assert NONE_CAME not in shown
    printed = paper_of(cast, own)
    for words in ("Fra helsetjenesten", "Fengselshelsetjenesten north", "Sendt av Health Leader"):
        assert words in printed
    with cast["warden"].acting():
        copy = CustodyLetter.objects.get(kind="supervision_figures")
    assert cast["warden"].client().get(f"/post/{copy.pk}/").status_code == 200


def test_none_has_come_is_said_and_figures_that_come_later_are_on_page_and_paper(cast, followed, admin):
    followed(12, 10)
    own = made(cast, "warden")
    assert NONE_CAME in section(page_of(cast, own))
    assert NONE_CAME in paper_of(cast, own)
    assert tell(cast, made(cast, "health_leader")).status_code == 303
    # The postman's clock is the database's; let it be after the report as the tests' clock has it.
    (letter,) = sent(cast)
    change(admin, "custody.consent_custodyletter", letter.letter_id, sent_at=AT + 7 * HOUR)
    assert NONE_CAME not in section(page_of(cast, own))
    printed = paper_of(cast, own)
    assert NONE_CAME not in printed
    assert "Sendt av Health Leader" in printed


def test_figures_of_other_days_and_other_prisons_are_not_shown(cast, followed):
    followed(12, 10)
    assert tell(cast, made(cast, "health_leader", first="02.10.2026")).status_code == 303
    assert NONE_CAME in section(page_of(cast, made(cast, "warden")))
    with cast["warden"].acting() as actor:
        assert access.told_by_health(actor, date(2026, 10, 2), LAST) is not None
        assert access.told_by_health(actor, FIRST, LAST) is None
    with cast["south_duty_leader"].acting() as actor:
        assert access.told_by_health(actor, date(2026, 10, 2), LAST) is None
    assert "Fra helsetjenesten" not in page_of(cast, made(cast, "health_leader", first="02.10.2026"), "health_leader")


def test_only_the_health_service_s_leader_sends_and_only_to_a_prison_it_serves(cast, followed):
    followed(12, 10)
    report = made(cast, "health_leader")
    own = made(cast, "warden")
    for who in ("nurse", "doctor", "warden", "duty_leader", "south_doctor", "trust_leader", "health_admin"):
        assert tell(cast, report, who=who).status_code == 404, who
    assert tell(cast, own, who="warden").status_code == 404, "a prison tells no prison"
    assert tell(cast, report, "south").status_code == 404
    assert tell(cast, uuid4()).status_code == 404
    assert (
        cast["health_leader"].client().post(f"/rapporter/{report}/til-fengselet/", {"prison": "x"}).status_code == 404
    )
    assert sent(cast) == []
    assert tell(cast, report).status_code == 303
    assert len(sent(cast)) == 1


def test_the_letter_has_no_room_for_anybody_and_no_other_role_may_send_it(cast, followed):
    followed(12, 10)
    assert tell(cast, made(cast, "health_leader")).status_code == 303
    body, north = sent(cast)[0].body, cast.agencies["north"].pk
    for who, more in (("doctor", {}), ("health_leader", {"family_name": "Fiolin"})):
        with pytest.raises(Undelivered), cast[who].acting() as actor:
            send_letter(actor, "supervision_figures", to=north, person=None, body=body | more, basis="LB15")
    with cast["health_leader"].acting() as actor:
        assert send_letter(actor, "supervision_figures", to=north, person=None, body=body, basis="LB15")


# Nothing small


def both_served(cast, admin) -> None:
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE base.coordination_agency SET health_service_id = %s WHERE id = %s",
            [cast.agencies["north_health"].pk, cast.agencies["south"].pk],
        )


def differences(table, letter) -> dict[str, int]:
    """Return what whoever holds the report and north's letter finds of south by taking one from the other."""
    names = ["first_on_time", "first_late", "first_missing", "first_not_due", "courses"]
    totals = [*table["column_totals"], table["total"]]
    return {
        name: total - int(letter.body[name])
        for name, total in zip(names, totals, strict=True)
        if total is not None and letter.body[name] != "–"
    }


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize(("late", "told"), [(2, False), (7, True)])
def test_the_attack_that_subtracts_one_prison_s_letter_from_the_report(cast, followed, admin, late, told):
    """Thirty at north; at south twelve in time and a few late. Where the few are too few, no difference tells them; where not, all is told."""
    both_served(cast, admin)
    followed(30, 10)
    followed(12, 10, prison="south")
    followed(late, 25, prison="south")
    report = made(cast, "health_leader")
    for prison in ("north", "south"):
        assert tell(cast, report, prison).status_code == 303
    letters = {row.other_agency_id: row for row in sent(cast)}
    north, south = (letters[cast.agencies[side].pk] for side in ("north", "south"))
    table = stored(admin, report)["visits_first"]
    assert table["row_labels"] == [NORTH, SOUTH]
    found = differences(table, north)
    assert found["first_missing"] == 0, "what can be told is"
    assert (found.get("first_late") == late) is told
    assert (south.body["first_late"] == str(late)) is told
    assert not [value for value in found.values() if 0 < value < 5]
    # Nor inside south's own letter: the total less what is shown leaves room for more than the few.
    texts = [south.body[name] for name in ("first_on_time", "first_late", "first_missing", "first_not_due")]
    assert texts.count("–") != 1
    for letter in (north, south):
        assert not [text for text in letter.body.values() if text in {"1", "2", "3", "4"}]


def test_a_prison_with_a_few_isolations_is_told_nothing_of_the_first_visits(cast, followed, admin):
    """It knows how many it isolated: with none late and none missing told, the rest would be known too."""
    both_served(cast, admin)
    followed(30, 10)
    followed(3, 10, prison="south")
    report = made(cast, "health_leader")
    assert tell(cast, report, "south").status_code == 303
    (letter,) = sent(cast)
    names = ["first_on_time", "first_late", "first_missing", "first_not_due", "courses"]
    assert {letter.body[name] for name in names} == {"–"}


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize(("began", "withheld"), [(13, True), (11, False)])
def test_the_attack_that_subtracts_the_letter_from_the_prison_s_own_report(cast, followed, admin, began, withheld):
    """Twelve were followed up. With fourteen measures in the report, the difference would be two whom nobody followed up."""
    followed(12, 10, 30)
    measures(cast, admin, range(10, 10 + began))
    forget_notices(admin)
    assert tell(cast, made(cast, "health_leader")).status_code == 303
    own = made(cast, "warden")
    shown = section(page_of(cast, own))
    first, daily = shown.split("Daglige tilsyn", 1)
    cell = '<td class="number" data-label="I alt">12</td>'
    assert (cell not in first) is withheld
    assert cell in daily, "daily visits are counted nowhere else"
    assert ("Tallene for første tilsyn vises ikke her" in shown) is withheld
    assert ("Tallene for første tilsyn vises ikke her" in paper_of(cast, own)) is withheld


def test_two_prisons_cost_no_more_queries_than_one(cast, followed, admin):
    def queries(report) -> int:
        page_of(cast, report, "health_leader")
        with CaptureQueriesContext(connections["default"]) as captured:
            assert page_of(cast, report, "health_leader").count("Send tall for tilsyn til") == expected
        return len(captured)

    followed(12, 10)
    expected = 1
    one = queries(made(cast, "health_leader", first="01.10.2026", last="31.10.2026"))
    both_served(cast, admin)
    expected = 2
    assert queries(made(cast, "health_leader", first="01.09.2026", last="30.09.2026")) == one


def test_a_small_number_is_withheld_whatever_the_sender_wrote(cast, followed):
    followed(12, 10, 30)
    assert tell(cast, made(cast, "health_leader", first="02.10.2026")).status_code == 303
    body = sent(cast)[0].body | {"period_start": "2026-10-01", "daily_late": "3", "daily_missing": "<b>3</b>"}
    with cast["health_leader"].acting() as actor:
        to = cast.agencies["north"].pk
        assert isinstance(send_letter(actor, "supervision_figures", to=to, person=None, body=body, basis="LB15"), UUID)
    shown = section(page_of(cast, made(cast, "warden")))
    assert ">3<" not in shown
    assert "<b>" not in shown
    assert '<td class="number" data-label="For sent">–</td>' in shown
