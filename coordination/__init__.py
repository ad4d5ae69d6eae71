"""The ground floor: settings, walls, agencies, people, deadlines, alerts, audit and the page frame. Holds nothing that needs a legal basis to read.

The Celery app is imported here so that ``@shared_task`` finds it. It reads no settings until it is used.
"""

from .celery import app as celery_app

__all__ = ["celery_app"]
