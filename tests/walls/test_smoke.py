from coordination.models import Person

def test_smoke(cast):
    with cast["duty_leader"].acting():
        assert Person.objects.count() == 3
    with cast["officer"].acting():
        assert Person.objects.count() == 2
    with cast["south_duty_leader"].acting():
        assert Person.objects.count() == 1
