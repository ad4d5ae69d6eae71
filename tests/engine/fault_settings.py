"""Settings of the processes that are killed: everything happens in seconds instead of minutes."""

from datetime import timedelta

from coordination.settings.test import *  # noqa: F403

EMAIL_BACKEND = "tests.engine.recording_mail.Recorder"
MAIL_QUIET = timedelta(seconds=1)
MAIL_LEASE = timedelta(seconds=3)
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "coordination.tasks.sweep", "schedule": timedelta(seconds=0.5), "options": {"expires": 5}},
    "send": {"task": "coordination.tasks.send_mail", "schedule": timedelta(seconds=1), "options": {"expires": 5}},
    "seal": {"task": "coordination.tasks.seal_audit", "schedule": timedelta(seconds=1), "options": {"expires": 5}},
}
