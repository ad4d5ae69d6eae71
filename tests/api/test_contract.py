"""The contract: the schema is whole and available, and answers to made-up calls keep it."""

import itertools
import re
from collections import Counter

import pytest
import schemathesis
from django.conf import settings as conf
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from coordination.api.schema import METHODS, contract
from coordination.wsgi import application
from tests.api.calls import ELSEWHERE, LISTS, ROWS, SELDOM, VERBS, get
from tests.cast import PERSONAS
from tests.story import tell

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 10
#: Calls of an operation that is not there for whoever calls.
FEW = 2
#: Keys of the story that stand in for the `id` of an address, by how it begins.
PRISON = {
    "people": "person",
    "letters": "prison_letter",
    "measures": "measure",
    "interviews": "interview",
    "proposals": "proposal",
    "informal-isolation": "informal",
    "checks": "check",
    "contacts": "contact",
    "units": "unit",
    "attention": "attention",
    "consent-talks": "talk",
    "consent-questions": "question",
}
KEYS = {
    "officer": PRISON,
    "duty_leader": PRISON | {"letters": "advice_letter", "consents": "consent"},
    "nurse": {
        "people": "patient",
        "patients": "patient",
        "letters": "muni_letter",
        "referrals": "referral",
        "courses": "course",
        "transfers": "transfer",
        "prisons": "prison",
        "objections": "objection",
    },
    "trust_intake": {
        "received-referrals": "case",
        "letters": "trust_letter",
        "specialist-courses": "specialist_course",
    },
}
#: (method, address) → who gets an answer; the operations with walls of their own are for everybody.
OPEN_TO = (
    {("get", path): readers for path, readers in LISTS.items()}
    | {("get", path): readers for path, (_key, readers) in ROWS.items()}
    | {(method, path): doers for path, (method, _key, doers) in VERBS.items()}
    | {operation: set(KEYS) for operation in ELSEWHERE}
    | {operation: set() for operation in SELDOM}
)


def operations():
    for path, item in contract()["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def short(path):
    """Return an address as the tests call it."""
    return path.removeprefix("/api/v1/").replace("{id}", "{}")


def test_the_schema_is_valid_and_says_everything_without_a_warning(capsys):
    schema = contract.__wrapped__()
    validate_schema(schema)
    assert "Warning" not in capsys.readouterr().err
    ids = [found["operationId"] for _method, _path, found in operations()]
    assert len(ids) == len(set(ids)) >= 41


def test_every_operation_is_tried_against_the_walls():
    """A new one must say whose it is: a row among the lists, rows or verbs that `test_walls` tries as everybody."""
    assert {(method, short(path)) for method, path, _found in operations()} == set(OPEN_TO)


def test_every_operation_declares_its_problems_and_every_post_its_key():
    for method, path, found in operations():
        codes = {"400", "401", "403", "404"} | ({"409", "415", "422"} if method != "get" else set())
        assert codes <= set(found["responses"]), path
        for code in codes:
            assert list(found["responses"][code]["content"]) == ["application/problem+json"], path
        headers = {p["name"] for p in found.get("parameters", []) if p["in"] == "header" and p["required"]}
        assert headers == ({"Idempotency-Key"} if method == "post" else set()), path
        assert found["security"] == [{"session": []}]


def test_everybody_who_works_here_reads_the_contract_as_data_and_as_a_page(cast):
    for name in PERSONAS:
        client = cast[name].client()
        status = 404 if name in ("prison_admin", "health_admin") else 200
        assert get(client, "schema/").status_code == status
        page = get(client, "docs/")
        assert page.status_code == status
        if status == 200:
            text = page.content.decode().replace("<wbr>", "")
            assert all(path in text for _method, path, _found in operations())
            assert "Idempotency-Key" in text
            assert "<style" not in text
            assert " style=" not in text
            scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", text)
            assert scripts
            assert all("src=" in how and not inside for how, inside in scripts)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(KEYS))
def test_made_up_calls_break_nothing_and_get_only_what_is_declared(cast, name):
    story = tell(cast)
    client = cast[name].client()
    cookie = {conf.SESSION_COOKIE_NAME: client.cookies[conf.SESSION_COOKIE_NAME].value, "csrftoken": "a" * 32}
    headers = {"X-CSRFToken": "a" * 32, "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_dict(contract())
    schema.app = application
    reads, seen = Counter(), 0
    for result in schema.get_all_operations():
        operation = result.ok()
        known = KEYS[name].get(operation.path.split("/")[3])
        # Every other call is about something that is there, so that the verbs are reached too.
        often = EXAMPLES if name in OPEN_TO[operation.method, short(operation.path)] else FEW
        keys = [story[known], None] if known else [None]
        answers = call_often(operation, keys, often, cookies=cookie, headers=headers)
        assert answers
        seen += 1
        if operation.method == "get":
            reads += answers
    assert seen == len(list(operations()))
    # A trust is not told of most of what there is.
    assert reads[200] / reads.total() >= (0.2 if name == "trust_intake" else 0.3), reads


def call_often(operation, keys, often, **more):
    """Call one operation with made-up values, check every answer against the schema, and count the answers by status."""
    answers, turn = Counter(), itertools.cycle(keys)

    @seed(7127)
    @settings(
        max_examples=often,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case):
        key = next(turn)
        if key and "id" in case.path_parameters:
            case.path_parameters["id"] = str(key)
        answer = case.call(**more)
        case.validate_response(answer, checks=CHECKS, additional_checks=[])
        answers[answer.status_code] += 1

    run()
    return answers
