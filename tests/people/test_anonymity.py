"""A text about nobody cannot name anybody of the own register, and tells nothing of any other register."""

from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination import clock, national_id, parameters
from coordination.people import actions as people
from coordination.people.anonymity import names_in, require_nameless
from coordination.refusals import Refused
from tests.cast import AT
from tests.story import tell

#: typed → what points at somebody in it. The prison has Fiolin, Blid (S-1000), Trompet, Kreativ, Ung, Lys, and Åse-Marie Østby Dæhli.
TYPED = {
    "Blid Fiolin var urolig.": ["Blid Fiolin"],
    "Den innsatte (fiolin, blid) var urolig.": ["fiolin, blid"],
    "FIOLIN ringte.": ["FIOLIN"],
    "Det var Fiolins celle.": ["Fiolins"],
    "Det var Fiolin's celle.": ["Fiolin"],
    "blid K. fiolin": ["blid", "fiolin"],
    "Han spilte fiolin og trompet på cella.": [],
    "Blid og fornøyd.": [],
    "åse-marie østby dæhli": ["åse-marie østby dæhli"],
    "Ase Marie OSTBY DAEHLI": ["Ase Marie OSTBY DAEHLI"],
    "Østby er et sted, og Dæhli et annet.": [],
    "Aase Oestby og Marie DÆHLI": ["Aase Oestby", "Marie DÆHLI"],
    "Han heter Dæhli, Marie.": ["Dæhli, Marie"],
    "østby og marie var der": [],
    "Blid F. ringte, og F. Blid svarte.": ["Blid F", "F. Blid"],
    "Ase Ø. ringte": ["Ase Ø"],
    "Han var blid f.eks. i går, og Blid K. er noen andre.": [],
    "Vitamin D og Blid D": [],
    "Gjelder B.F., født 15.05.1991.": ["15.05.1991"],
    "Gjelder F. B. (f. 15/5-91)": ["15/5-91"],
    "BF 150591 har kald celle": ["150591"],
    "Blid, 15. mai 1991": ["15. mai 1991"],
    "1991-05-15: fiolin": ["1991-05-15"],
    "1991\u201105\u201115: fiolin": ["1991\u201105\u201115"],
    "Fiolin, 15–05–91": ["Fiolin", "15–05–91"],
    "Befaring 15.05.1991 av K. T. og resten": [],
    "Befaring 15.05.1991 av bf-gruppen": [],
    "Fio\u200blin ringte": ["Fiolin"],
    "Ung alder krever mer. Det sa Ung i går.": ["Ung"],
    "Ung Lys ringte, og lys ung svarte.": ["Ung Lys", "lys ung"],
    "Ung L. ringte": [],
    "Lys U. ringte": ["Lys U"],
    "Se sak S-1000.": ["S-1000"],
    "Se sak s 1000.": ["s 1000"],
    "Det var 1000 kroner.": [],
    "Prøveby fengsel north og Avdeling A": [],
    "Sjiraff, Ivrig": [],
    "": [],
}


@pytest.fixture
def many_names(cast):
    with cast["duty_leader"].acting() as actor:
        return people.register_person(
            actor, unit=cast.units["north_a"], number="1000", family_name="Østby Dæhli", given_name="Åse-Marie",
            birth_date=AT.date().replace(year=1990), national_id="", cell="", at=AT,
        )  # fmt: skip


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize("who", ["duty_leader", "officer_b"])
def test_names_and_numbers_of_the_own_register_are_found_however_they_are_written(cast, many_names, who):
    """Also by somebody who follows none of these people: the register is the agency's."""
    with cast[who].acting() as actor:
        found = {typed: names_in(actor, typed) for typed in TYPED}
    assert found == TYPED


#: typed → the same, with somebody who has an everyday word for a surname: Åse Berg.
DISGUISED = {
    # As a Mac writes å: the letter, and its ring as a character of its own.
    "I gar ringte A\u030ase Berg.": ["Åse Berg"],
    "A\u030ase B. ringte.": ["Åse B"],
    "Fi\u2063olin ringte": ["Fiolin"],
    "Fi\u202aolin\u202c ringte": ["Fiolin"],
    "Fi\ufe0folin ringte": ["Fiolin"],
    "Fi\u034folin ringte": ["Fiolin"],
    "F\u0336i\u0336o\u0336lin ringte": ["Fiolin"],
    # The stop of an initial ends no sentence.
    "Så kom Å. Berg hit.": ["Berg"],
    "Å. Berg ringte.": ["Berg"],
    "Det skjedde på avdeling A. Berg er et sted.": [],
    "Berg er et sted.": [],
    "Da var det slutt. Berg er et sted.": [],
}


@pytest.mark.obligation("R6.2-i")
def test_what_does_not_show_and_how_an_accent_is_stored_hides_no_name(cast):
    with cast["duty_leader"].acting() as actor:
        people.register_person(
            actor, unit=cast.units["north_a"], number="1001", family_name="Berg", given_name="Åse",
            birth_date=AT.date().replace(year=1990), national_id="", cell="", at=AT,
        )  # fmt: skip
        found = {typed: names_in(actor, typed) for typed in DISGUISED}
    assert found == DISGUISED


CUTS = ("{0}{1}{2}{3}", "{0}{1}{2} {3}", "{0}{1}{2} - {3}", "{0}.{1}.{2} {3}", "{0}{1}{2}\u2011{3}", "{0}{1}{2}—{3}", "{0}{1}{2}\u2212{3}", "{0}{1}{2} ({3}", "{0}{1}{2}    {3}", "{0}{1}{2};{3}", "{0}{1}{2}*{3}", "{0}.{1}.{2}, pnr. {3}", "{0}{1}{2} Personnummer: {3}")  # fmt: skip


@pytest.mark.obligation("R6.2-i")
def test_another_number_beside_and_digits_of_another_script_hide_no_identity_number(cast):
    number = national_id.generate_synthetic(AT.date().replace(year=1991), 7)
    parted = f"{number[:6]} {number[6:]}"
    other = "".join(chr(0x660 + int(digit)) for digit in number)
    with cast["duty_leader"].acting() as actor:
        for before in ("12345 ", "Rom 12: ", "kl. 10.30 ", "Tlf. 22 33 44 55, "):
            assert parted in names_in(actor, before + parted), before
        assert names_in(actor, f"Gjelder {other}.") == [other]
        assert names_in(actor, f"Gjelder {number[:6]}\u202a{number[6:]}.") == [number]


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize("cut", CUTS)
def test_an_identity_number_is_found_in_any_shape(cast, cut):
    number = national_id.generate_synthetic(AT.date().replace(year=1991), 7)
    written = cut.format(number[:2], number[2:4], number[4:6], number[6:])
    with cast["duty_leader"].acting() as actor:
        assert names_in(actor, f"Gjelder {written} i dag.") == [written]
        other = number[:-1] + str((int(number[-1]) + 1) % 10)
        assert names_in(actor, f"Saksnummer {other}.") == []


def test_other_registers_are_neither_found_nor_asked(cast, many_names):
    """Known next door, known nowhere: the same answer, in the same statements; the register next door is never read."""
    cost = {}
    for typed in ("Ivrig Sjiraff", "Livlig Flodhest"):
        with cast["duty_leader"].acting() as actor, CaptureQueriesContext(connections["default"]) as queries:
            assert names_in(actor, typed) == []
            cost[typed] = [query["sql"] for query in queries]
    first, second = cost.values()
    assert len(first) == len(second)
    assert [text for text in first if "named_in" in text]
    with cast["south_duty_leader"].acting() as actor:
        assert names_in(actor, "Ivrig Sjiraff") == ["Ivrig Sjiraff"], "there is somebody behind the wall"
        assert names_in(actor, "Blid Fiolin") == []


def test_a_health_service_looks_among_its_patients_only(cast):
    story = tell(cast)
    with cast["nurse"].acting() as actor:
        assert names_in(actor, "Blid Fiolin og Kreativ Trompet") == ["Blid Fiolin"]
        with pytest.raises(Refused) as refused:
            require_nameless(actor, {"finding": "Kaldt hos Fiolin.", "place": "Celle 12"})
    assert refused.value.errors == {"finding": ["Teksten skal ikke handle om noen bestemt. Skriv den uten «Fiolin»."]}
    assert story["patient"]


@pytest.mark.obligation("R6.2-i")
@pytest.mark.obligation("R5.2.2-c")
def test_findings_about_a_place_that_name_a_patient_are_not_sent_and_what_was_typed_stays(cast, admin):
    tell(cast)
    client = cast["nurse"].client()
    (before,) = admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletter").fetchone()
    typed = {
        "prison": str(cast.agencies["north"].pk),
        "place": "Celle A-200",
        "aspects": ["temperature"],
        "finding": "Det er 14 grader hos Blid Fiolin.",
        "suggestion": "Reparer ovnen.",
        "key": str(uuid4()),
    }
    refused = client.post("/omgivelser/nytt/", typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Skriv den uten «Blid Fiolin»." in page
    assert "Det er 14 grader hos Blid Fiolin." in page
    assert "Reparer ovnen." in page
    assert admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletter").fetchone() == (before,)
    assert client.post("/omgivelser/nytt/", {**typed, "finding": "Det er 14 grader."}).status_code == 303
    assert admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletter").fetchone() == (before + 1,)


def test_why_a_number_was_changed_names_nobody(cast):
    with cast["warden"].acting() as actor:
        with pytest.raises(Refused, match="Fiolin"):
            parameters.tighten(actor, None, "interview_hours", 12, reason="Etter saken med Fiolin.", at=clock.now())
        assert parameters.tighten(actor, None, "interview_hours", 12, reason="Etter en sak.", at=clock.now())
