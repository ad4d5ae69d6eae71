"""The main job, told once by clicking: from a concern at admission to a notice of release, each person in an own window.

The officer has a phone (390 px), the others a desk (1280). What is asserted stands on the screen.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from coordination import clock, formats
from tests.browser.conftest import Window
from tests.cooperation.making import work

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_CONCERN = ("self_harm", "illness_signs", "mental_health_worry", "wishes_health_contact", "substance_problem")


def press(window: Window, name: str, role: str = "button", nth: int = 0) -> None:
    """Press a button or follow a link by its visible words, and wait for the page that comes."""
    window.page.locator("main").get_by_role(role, name=name).nth(nth).click()
    window.page.wait_for_load_state()


def follow(window: Window, name: str, nth: int = 0) -> None:
    """Follow a link."""
    press(window, name, "link", nth)


def menu(window: Window, name: str) -> None:
    """Choose from the main menu."""
    window.page.locator("nav.menu").get_by_role("link", name=name).first.click()
    window.page.wait_for_load_state()


def choose(window: Window, **values: str) -> None:
    """Choose radio buttons by field."""
    for name, value in values.items():
        window.page.locator(f"main input[name={name}][value='{value}']").check(timeout=10_000)


def fill(window: Window, **values: str) -> None:
    """Fill in fields."""
    for name, value in values.items():
        window.page.locator(f"main [name={name}]").first.fill(value)


def row(window: Window, *words: str):
    """Return the line of "I dag" with some words."""
    found = window.page.locator("li.task")
    for word in words:
        found = found.filter(has_text=word)
    return found.first


def interview(window: Window) -> None:
    """Hold the admission interview with a concern about detoxification."""
    choose(window, suicide_risk="no", detox_need="yes", interpreter="not_needed", **dict.fromkeys(NO_CONCERN, "no"))
    fill(window, observation="Skjelver og er svett.", language="norsk")
    press(window, "Lagre samtalen")


def decide_exclusion(window: Window, hours: str = "100") -> None:
    """Decide on partial exclusion of Fiolin, from the person's page."""
    menu(window, "Personer")
    follow(window, "Fiolin, Blid")
    follow(window, "Vedtak om isolasjon")
    follow(window, "fellesskap")
    choose(window, extent="partial", grounds="harm_or_violence", force_used="no")
    fill(
        window,
        necessity="Truet en medinnsatt og slo i dørene.",
        less_intrusive="Samtale er forsøkt uten virkning.",
        expected_hours=hours,
        hours_out_per_day="3",
    )
    press(window, "Lagre")


def soon(admin) -> None:
    """Let the next check be due within the hour: late in the evening it is due tomorrow, and tomorrow's are not logged from "I dag"."""
    admin.execute(
        "UPDATE custody.coordination_custodydeadline SET due_at = now() + interval '20 minutes' "
        "WHERE rule = 'D20' AND closed_at IS NULL"
    )


def test_the_main_job_by_clicking(cast, window, admin):
    # The officer holds the admission interview and sees that the letter went.
    officer = window(390).log_in("officer")
    officer.says("I dag", "Fiolin, Blid", "Hold innkomstsamtale")
    row(officer, "Fiolin", "Hold innkomstsamtale").locator(".task__action a").click()
    interview(officer)
    officer.says("Samtalen er lagret.", "Sendt til", "Fengselshelsetjenesten north")

    # The nurse opens the letter from "I dag", takes the patient on, and consults.
    nurse = window().log_in("nurse")
    nurse.says("I dag", "Fiolin, Blid", "Kvitter for")
    menu(nurse, "Post")
    follow(nurse, "Fiolin")
    nurse.says("Skjelver og er svett.", "Avsenderen venter på kvittering")
    follow(nurse, "Opprett pasient")
    press(nurse, "Lagre og kvitter for brevet")
    nurse.says("Fiolin, Blid")
    menu(nurse, "Pasienter")
    follow(nurse, "Fiolin")
    follow(nurse, "Innkomstkonsultasjon")
    fill(nurse, notes="Abstinenser, starter nedtrapping.")
    press(nurse, "Lagre konsultasjonen")
    nurse.says("Abstinenser, starter nedtrapping.")
    menu(officer, "Post")
    officer.page.goto(reverse("outbox"))
    follow(officer, "Fiolin")
    officer.says("Kvittert")

    # The duty leader excludes; the doctor is told in the same moment.
    leader = window().log_in("duty_leader")
    decide_exclusion(leader)
    leader.says("Vedtaket er lagret, og legen er varslet.", "Lag ukeplan")

    # The officer logs a check in two taps from "I dag".
    soon(admin)
    menu(officer, "I dag")
    taps = 0
    line = row(officer, "Fiolin", "Tilsyn")
    line.locator(".quick summary").click()
    taps += 1
    line.get_by_role("button", name="Våken, rolig").click()
    taps += 1
    officer.page.wait_for_load_state()
    officer.says("Tilsyn lagret kl.", "Neste senest kl.")
    assert taps == 2

    # The weekly plan.
    follow(leader, "Lag ukeplan")
    fill(leader, way_out="Gradvis tilbake i fellesskapet.")
    for day in range(7):
        fill(leader, **{f"activities_{day}": "Luftegård med to andre", f"minutes_{day}": "150"})
    press(leader, "Lagre ukeplanen")
    assert leader.page.locator(".ds-error-summary").count() == 0, leader.text()
    leader.says("Delvis utelukkelse", "Ukeplan")

    # The doctor knows the patient again, visits and advises; the duty leader answers.
    doctor = window().log_in("doctor")
    menu(doctor, "Post")
    doctor.page.locator("main tr").filter(has_text="telukk").get_by_role("link").first.click()
    doctor.says("Fiolin", "Avsenderen venter på kvittering")
    follow(doctor, "Opprett pasient")
    doctor.says("Dere", "pasienten fra før")
    doctor.page.locator("main input[name=patient]").first.check()
    press(doctor, "Lagre og kvitter for brevet")
    menu(doctor, "Tilsyn")
    follow(doctor, "Fiolin")
    press(doctor, "Tilsyn gjennomført")
    doctor.says("Forrige tilsyn")
    menu(doctor, "Tilsyn")
    follow(doctor, "Fiolin")
    follow(doctor, "Gi råd til fengselet")
    choose(doctor, recommend="more_contact", basis="LB11")
    fill(
        doctor, advice="Vi anbefaler mer samvær.", necessity="Samlet vurdering av helserisiko ved fortsatt utelukkelse."
    )
    press(doctor, "Send rådet")
    menu(leader, "I dag")
    row(leader, "Fiolin", "Svar på").locator(".task__action a").click()
    leader.says("Vi anbefaler mer samvær.")
    follow(leader, "Svar på rådet")
    choose(leader, response="followed")
    fill(leader, reason="Luftegård med to andre er lagt inn i ukeplanen.")
    press(leader, "Send svaret")
    leader.page.goto(reverse("outbox"))
    leader.says("Fiolin")
    menu(doctor, "Post")
    doctor.says("Svar")

    # The doctor refers; the trust registers and decides; the doctor sees the decision.
    menu(doctor, "Pasienter")
    follow(doctor, "Fiolin")
    follow(doctor, "Ny henvisning")
    choose(doctor, service_type="TSB", basis="LB12")
    fill(doctor, reason="Opioidavhengighet, ønsker behandling.", question="Vurdering av rett til behandling.")
    doctor.page.locator("input[name=inmate_informed]").check()
    press(doctor, "Send henvisning")
    doctor.says("Prøve sykehus HF")
    desk = window().log_in("trust_intake")
    menu(desk, "Henvisninger")
    follow(desk, "Fiolin")
    desk.says("Opioidavhengighet, ønsker behandling.")
    press(desk, "Registrer mottak")
    desk.says("Vurder og svar")
    choose(desk, outcome="right_granted", basis="LB12")
    deadline = formats.shortdate(clock.local_date(clock.now()) + timedelta(days=60))
    start = formats.shortdate(clock.local_date(clock.now()) + timedelta(days=30))
    fill(desk, reason="Rett til tverrfaglig behandling.", treatment_deadline_on=deadline, start_on=start)
    desk.page.locator("input[name=patient_informed]").check()
    press(desk, "Send avgjørelsen")
    desk.says("Avgjørelse", "Rett til")
    menu(doctor, "Henvisninger")
    follow(doctor, "Fiolin")
    doctor.says("Rett til tverrfaglig behandling.", deadline)

    # The caseworker sets the date and tells the health service.
    caseworker = window().log_in("release_caseworker")
    menu(caseworker, "Personer")
    follow(caseworker, "Fiolin, Blid")
    follow(caseworker, "Plan for løslatelse")
    follow(caseworker, "Endre dato")
    date = formats.shortdate(clock.local_date(clock.now()) + timedelta(days=75))
    fill(caseworker, expected_release_on=date)
    caseworker.page.locator("main form button.ds-button").last.click()
    caseworker.page.wait_for_load_state()
    menu(caseworker, "Personer")
    follow(caseworker, "Fiolin, Blid")
    follow(caseworker, "Plan for løslatelse")
    caseworker.says(date, "Helsetjenesten er ikke varslet.")
    caseworker.page.locator("input[name=status]").first.check()
    fill(caseworker, necessity="Helsetjenesten må planlegge videre behandling ute.")
    press(caseworker, "Send varsel")
    caseworker.says("Varslet", "Venter på kvittering")

    # The warden asks for the report; the worker makes it, here in the test.
    warden = window().log_in("warden")
    menu(warden, "Rapport")
    warden.says("Rapport om samarbeid")
    follow(warden, "Lag rapport")
    choose(warden, period="this_year")
    press(warden, "Lag rapport")
    assert work(UUID(warden.page.url.rstrip("/").rsplit("/", 1)[1]))
    warden.page.reload()
    warden.page.locator("main .button-row a").first.click()
    warden.page.wait_for_load_state()
    assert warden.page.url.startswith(warden.address + reverse("report_list"))
    warden.says("Prøveby fengsel north", "2026")
    assert "Fiolin" not in warden.text()


def test_interview_and_check_work_without_script(cast, window, admin):
    officer = window(390, java_script_enabled=False).log_in("officer")
    menu(officer, "Personer")
    follow(officer, "Fiolin, Blid")
    follow(officer, "Innkomstsamtale")
    interview(officer)
    officer.says("Samtalen er lagret.", "Sendt til helsetjenesten")
    leader = window(java_script_enabled=False).log_in("duty_leader")
    decide_exclusion(leader)
    soon(admin)
    menu(officer, "I dag")
    line = row(officer, "Fiolin", "Tilsyn")
    line.locator(".quick summary").click()
    line.get_by_role("button", name="Sover").click()
    officer.says("Tilsyn lagret kl.")


def test_three_rapid_taps_give_one_check(cast, window, admin):
    leader = window().log_in("duty_leader")
    decide_exclusion(leader)
    for script in (True, False):
        before = admin.execute("SELECT count(*) FROM custody.isolation_check").fetchone()[0]
        soon(admin)
        officer = window(390, java_script_enabled=script).log_in("officer")
        line = row(officer, "Fiolin", "Tilsyn")
        line.locator(".quick summary").click()
        line.get_by_role("button", name="Våken, rolig").click(click_count=3, delay=5, no_wait_after=True)
        officer.page.wait_for_selector("text=Tilsyn lagret kl.")
        officer.page.wait_for_timeout(300)
        assert admin.execute("SELECT count(*) FROM custody.isolation_check").fetchone()[0] == before + 1
