"""The Celery app and the delivery rules that no setting may weaken. Must not hold a schedule: that is in the settings."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.settings.local")

DELIVERY = {
    # A message is only a nudge; the database is the truth. Yet a nudge must survive the worker that took it.
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "result_backend": None,
    # JSON only: a pickle from the broker would be code.
    "task_serializer": "json",
    "accept_content": ["json"],
    "result_serializer": "json",
    "timezone": "UTC",
    "enable_utc": True,
    "broker_connection_retry_on_startup": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_hijack_root_logger": False,
    # A message that was lost with its worker comes back after this many seconds. Nothing important waits for it: the sweep does.
    "broker_transport_options": {"visibility_timeout": 300},
}

app = Celery("coordination", changes=DELIVERY)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
