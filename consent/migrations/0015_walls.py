"""Raises walls."""

import coordination.walls.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0014_drafts_of_nobody'),
        ('coordination', '0014_names'),
    ]

    operations = [
        coordination.walls.operations.BuildWalls(
            specs=[{'author': 'by_id', 'grants': 'coordination_persongrant', 'kind': 'personal', 'moves': False, 'nobody': True, 'parents': (('person_id', 'coordination_person'),), 'person': 'person_id', 'table': 'consent_custodyletterdraft', 'world': 'custody'}, {'author': 'by_id', 'grants': 'coordination_municipalpatientgrant', 'kind': 'personal', 'nobody': True, 'parents': (('person_id', 'coordination_municipalpatient'),), 'person': 'person_id', 'table': 'consent_municipalletterdraft', 'world': 'municipal_health'}, {'author': 'by_id', 'grants': 'coordination_specialistpatientgrant', 'kind': 'personal', 'nobody': True, 'parents': (('person_id', 'coordination_specialistpatient'),), 'person': 'person_id', 'table': 'consent_specialistletterdraft', 'world': 'specialist_health'}],
        ),
    ]
