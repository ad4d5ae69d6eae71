"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_initial'),
        ('coordination', '0003_walls'),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[{'grants': 'coordination_persongrant', 'kind': 'personal', 'parents': (('person_id', 'coordination_person'),), 'person': 'person_id', 'postman': ('recipients', 'categories', 'valid_from', 'valid_to', 'signed_at', 'withdrawn_at'), 'table': 'consent_custodyconsent', 'world': 'custody'}, {'grants': 'coordination_persongrant', 'kind': 'letter', 'moves': False, 'parents': (('person_id', 'coordination_person'),), 'person': 'person_id', 'sweep': ('id', 'agency_id', 'person_id', 'rule', 'sent_at', 'due_at', 'settled_at', 'next_step', 'next_alert_at', 'desk_group_id', 'direction'), 'sweep_writes': ('next_step', 'next_alert_at'), 'table': 'consent_custodyletter', 'world': 'custody'}, {'kind': 'reference', 'table': 'consent_legalbasis'}, {'kind': 'reference', 'table': 'consent_legalbasisversion'}, {'kind': 'reference', 'table': 'consent_letterkindrow'}, {'grants': 'coordination_municipalpatientgrant', 'kind': 'personal', 'parents': (('person_id', 'coordination_municipalpatient'),), 'person': 'person_id', 'postman': ('recipients', 'categories', 'valid_from', 'valid_to', 'signed_at', 'withdrawn_at'), 'table': 'consent_municipalconsent', 'world': 'municipal_health'}, {'grants': 'coordination_municipalpatientgrant', 'kind': 'letter', 'moves': False, 'parents': (('person_id', 'coordination_municipalpatient'),), 'person': 'person_id', 'sweep': ('id', 'agency_id', 'person_id', 'rule', 'sent_at', 'due_at', 'settled_at', 'next_step', 'next_alert_at', 'desk_group_id', 'direction'), 'sweep_writes': ('next_step', 'next_alert_at'), 'table': 'consent_municipalletter', 'world': 'municipal_health'}, {'grants': 'coordination_specialistpatientgrant', 'kind': 'personal', 'parents': (('person_id', 'coordination_specialistpatient'),), 'person': 'person_id', 'postman': ('recipients', 'categories', 'valid_from', 'valid_to', 'signed_at', 'withdrawn_at'), 'table': 'consent_specialistconsent', 'world': 'specialist_health'}, {'grants': 'coordination_specialistpatientgrant', 'kind': 'letter', 'moves': False, 'parents': (('person_id', 'coordination_specialistpatient'),), 'person': 'person_id', 'sweep': ('id', 'agency_id', 'person_id', 'rule', 'sent_at', 'due_at', 'settled_at', 'next_step', 'next_alert_at', 'desk_group_id', 'direction'), 'sweep_writes': ('next_step', 'next_alert_at'), 'table': 'consent_specialistletter', 'world': 'specialist_health'}],
        ),
    ]
