"""What beat asks the worker to do. Thin: the work is in sweep, outbox, sealing and anchors, and each may also be run by a command."""

from celery import shared_task

from coordination import anchors, jobs, outbox, retention, sealing
from coordination import sweep as sweeping


@shared_task(name="coordination.tasks.sweep", soft_time_limit=120, time_limit=150)
def sweep() -> None:
    """Turn due deadlines into alerts, and send lost messages of jobs anew."""
    sweeping.sweep()
    jobs.nudge()


@shared_task(name="coordination.tasks.send_mail", soft_time_limit=150, time_limit=180)
def send_mail() -> None:
    """Send the mails that wait."""
    outbox.send_waiting()


@shared_task(name="coordination.tasks.seal_audit", soft_time_limit=120, time_limit=150)
def seal_audit() -> None:
    """Seal what was written in the audit log since last time."""
    sealing.seal()


@shared_task(name="coordination.tasks.send_anchor", soft_time_limit=60, time_limit=90)
def send_anchor() -> None:
    """Send the newest seal of the audit log to the place outside the database."""
    anchors.export()


@shared_task(name="coordination.tasks.delete_due", soft_time_limit=600, time_limit=660)
def delete_due() -> None:
    """Delete what the law says must go, and files nobody fetched. Each batch is a transaction of its own, so a worker that is killed loses nothing."""
    for _run in retention.run(really=True):
        pass
    retention.purge_files()
