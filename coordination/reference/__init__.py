"""Reads the reference data in fixtures/ as frozen values: places, agencies, legal bases, duties and deadline rules.
Knows no database and no clock; decides nothing, except that bad data never gets past it."""

from .confidentiality import (
    ConfidentialityStatement,
    confidentiality_statement_on,
    confidentiality_statements,
)
from .consent_texts import ConsentText, ConsentWords, consent_text, consent_text_on, consent_texts
from .duties import DeadlineRule, Obligation, deadline_rules, obligations
from .law import EXTERNAL, LegalBasis, LegalVersion, PendingLaw, legal_bases
from .places import (
    County,
    HealthAuthority,
    HealthTrust,
    Municipality,
    Prison,
    Region,
    counties,
    health_authorities,
    health_trusts,
    municipalities,
    prisons,
    regions,
)
from .reading import FIXTURES, InvalidReference
from .retention import RetentionPeriod, retention_periods
from .withholding import WithholdingGround, withholding_grounds

__all__ = [
    "EXTERNAL",
    "FIXTURES",
    "ConfidentialityStatement",
    "ConsentText",
    "ConsentWords",
    "County",
    "DeadlineRule",
    "HealthAuthority",
    "HealthTrust",
    "InvalidReference",
    "LegalBasis",
    "LegalVersion",
    "Municipality",
    "Obligation",
    "PendingLaw",
    "Prison",
    "Region",
    "WithholdingGround",
    "RetentionPeriod",
    "confidentiality_statement_on",
    "confidentiality_statements",
    "consent_text",
    "consent_text_on",
    "consent_texts",
    "counties",
    "deadline_rules",
    "health_authorities",
    "health_trusts",
    "legal_bases",
    "municipalities",
    "obligations",
    "prisons",
    "regions",
    "withholding_grounds",
    "retention_periods",
]
