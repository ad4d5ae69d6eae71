"""The extent of lock-in as figures: people counted once each, small numbers withheld, no name in them."""

import json
import uuid
from datetime import date, timedelta

from cooperation.figures import gather, publish
from coordination.figures import Period
from isolation.actions import cell_time
from isolation.figures import count
from tests.cast import AT
from tests.isolation.helpers import HOUR

FIRST, LAST = date(2026, 10, 27), date(2026, 11, 23)


def _written(cast):
    for back in range(10):
        for person, minutes, who in (
            ("fiolin", 300, "officer"),
            ("ung", 200, "officer"),
            ("trompet", 500, "officer_b"),
        ):
            with cast[who].acting() as actor:
                cell_time.record_day(
                    actor,
                    cast.people[person],
                    day=LAST - timedelta(days=back),
                    minutes=minutes,
                    key=uuid.uuid4(),
                    at=AT,
                )


def test_each_person_is_counted_once_by_the_mean(cast):
    _written(cast)
    with cast["duty_leader"].acting() as actor:
        tables = {t.code: t for t in count(actor, Period(FIRST, LAST, AT + HOUR)) if hasattr(t, "code")}
    table = tables["time_out"]
    assert dict(zip(table.row_labels, table.counts, strict=True)) == {
        "Avdeling A": (0, 1, 1, 0),
        "Avdeling B": (0, 0, 0, 1),
    }


def test_what_is_published_withholds_the_few_and_names_nobody(cast):
    _written(cast)
    with cast["duty_leader"].acting() as actor:
        content = publish(gather(actor, Period(FIRST, LAST, AT + HOUR), lambda *_: None))
    text = json.dumps(content, ensure_ascii=False)
    assert "Innsatte etter tid ute av cella" in text
    for name in ("Fiolin", "Ung, Lys", "Trompet", str(cast.people["fiolin"])):
        assert name not in text
    table = next(part for part in _parts(content) if part.get("code") == "time_out")
    # Ones and twos are withheld wherever they stand; nothing but none is shown as a number.
    assert not {n for n in _numbers(table) if 0 < n < 5}


def _parts(content):
    if isinstance(content, dict):
        yield content
        for value in content.values():
            yield from _parts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _parts(value)


def _numbers(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value
