"""The verbs of the letterbox, of consents and of objections, by noun. Each is one transaction."""

from consent.actions.attachments import MOST, Enclosure, carried_by, enclosures
from consent.actions.consents import give_consent, journal_consent, narrow_consent, supersede, withdraw_consent
from consent.actions.drafts import close_draft, discard_draft, save_draft
from consent.actions.handling import acknowledge_many, assign, forward, mark_seen, remind
from consent.actions.letters import (
    Corrected,
    Undelivered,
    acknowledge,
    attach_person,
    check_necessity,
    correct,
    file_in_own_journal,
    mark_read,
    opened,
    send_letter,
)
from consent.actions.objections import lift_objection, may_override, override_objection, register_objection
from consent.actions.papers import MAX_BYTES, SignedDocument, document
from consent.actions.requests import (
    ask_for_information,
    ask_for_more,
    decline_request,
    end_naming,
    name_requester,
    release_information,
)
from consent.actions.sharing import share
from consent.actions.talks import (
    answer_question,
    ask_if_needed,
    decide_competence,
    may_decide_competence,
    must_be_answered,
    refuse_consent,
    sign,
    start_talk,
)

__all__ = [
    "Corrected",
    "Enclosure",
    "MAX_BYTES",
    "MOST",
    "SignedDocument",
    "Undelivered",
    "acknowledge",
    "acknowledge_many",
    "answer_question",
    "ask_if_needed",
    "assign",
    "attach_person",
    "carried_by",
    "check_necessity",
    "close_draft",
    "correct",
    "decide_competence",
    "discard_draft",
    "document",
    "enclosures",
    "file_in_own_journal",
    "forward",
    "give_consent",
    "journal_consent",
    "lift_objection",
    "mark_read",
    "mark_seen",
    "may_decide_competence",
    "may_override",
    "must_be_answered",
    "narrow_consent",
    "opened",
    "override_objection",
    "refuse_consent",
    "register_objection",
    "remind",
    "save_draft",
    "send_letter",
    "share",
    "sign",
    "start_talk",
    "supersede",
    "withdraw_consent",
    "ask_for_information",
    "ask_for_more",
    "decline_request",
    "end_naming",
    "name_requester",
    "release_information",
]
