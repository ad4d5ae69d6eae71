"""Reads an XML against our own schema, as far as the schema goes: which elements, in which order, how often, and of what form. Holds no test."""

import re
from datetime import datetime
from xml.etree import ElementTree

from coordination.reference import FIXTURES

XS = "{http://www.w3.org/2001/XMLSchema}"


def problems(journal: ElementTree.Element) -> list[str]:
    """Return what in a journal is not as fixtures/journal.xsd says."""
    schema = ElementTree.parse(FIXTURES / "journal.xsd").getroot()
    space = f"{{{schema.get('targetNamespace')}}}"
    root = schema.find(f"{XS}element")
    found = [] if journal.tag == space + root.get("name") else [f"the root is {journal.tag}"]
    return found + _sequence(schema, space, root.find(f"{XS}complexType/{XS}sequence"), journal)


def _named(schema: ElementTree.Element, kind: str, name: str) -> ElementTree.Element | None:
    return next((one for one in schema.findall(f"{XS}{kind}") if one.get("name") == name), None)


def _grammar(sequence: ElementTree.Element) -> str:
    """Return a sequence as a pattern over names, each followed by a space."""
    parts = []
    for part in sequence:
        body = f"{part.get('name')} " if part.tag == f"{XS}element" else _grammar(part)
        low, high = part.get("minOccurs", "1"), part.get("maxOccurs", "1").replace("unbounded", "")
        parts.append(f"(?:{body}){{{low},{high}}}")
    return "".join(parts)


def _sequence(schema: ElementTree.Element, space: str, sequence: ElementTree.Element, element: ElementTree.Element) -> list[str]:  # fmt: skip
    names = "".join(f"{child.tag.removeprefix(space)} " for child in element)
    found = [] if re.fullmatch(_grammar(sequence), names) else [f"{element.tag} holds {names}"]
    declared = {part.get("name"): part.get("type") for part in sequence.iter(f"{XS}element")}
    for child in element:
        kind = declared.get(child.tag.removeprefix(space), "")
        complex_type = _named(schema, "complexType", kind)
        if complex_type is not None and (inner := complex_type.find(f"{XS}sequence")) is not None:
            found += _sequence(schema, space, inner, child)
        elif complex_type is not None:
            wanted = {one.get("name") for one in complex_type.iter(f"{XS}attribute")}
            found += [] if set(child.attrib) == wanted else [f"{child.tag} has {set(child.attrib)}"]
        else:
            found += _value(schema, kind, child)
    return found


def _value(schema: ElementTree.Element, kind: str, child: ElementTree.Element) -> list[str]:
    said = child.text or ""
    if kind == "xs:dateTime":
        try:
            good = datetime.fromisoformat(said).tzinfo is not None
        except ValueError:
            good = False
    elif (simple := _named(schema, "simpleType", kind)) is not None:
        good = re.fullmatch(simple.find(f".//{XS}pattern").get("value"), said) is not None
    else:
        good = kind == "xs:string" and not len(child)
    return [] if good else [f"{child.tag} says {said!r}"]
