"""Asks a real XML Schema engine about what the product writes for archives: the whole file, with our own parts by the schemas that go with it."""

from functools import cache
from pathlib import Path

import xmlschema

from coordination.reference import FIXTURES


@cache
def _schema() -> xmlschema.XMLSchema:
    ours = {"urn:samvirke:brev:1": "letter.xsd", "urn:samvirke:journal:1": "journal.xsd"}
    places = {space: (FIXTURES / name).as_uri() for space, name in ours.items()}
    return xmlschema.XMLSchema(Path(__file__).with_name("extract.xsd").as_uri(), locations=places, allow="local")


def problems(data: bytes) -> list[str]:
    """Return what in an `arkivstruktur.xml` is not as the schemas say: where, and why."""
    return [f"{error.path}: {error.reason}" for error in _schema().iter_errors(data.decode())]


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of an extract, of which the metadata is as the schemas say and every schema lies beside as it is."""
    assert problems(files["arkivstruktur.xml"]) == []
    schemas = {name: data for name, data in files.items() if name.endswith(".xsd")}
    assert len(schemas) == 1
    assert all(data == (FIXTURES / name).read_bytes() for name, data in schemas.items())
    return files
