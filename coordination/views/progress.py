"""How far a job has come, as components/progress.html wants it; the same for every kind. Starts no job and holds no rule."""

from typing import Any

from django.urls import reverse

from coordination.jobs import Progress


def progress_context(
    job: Progress,
    *,
    check: str,
    title: str,
    ready: str,
    text: str,
    result_url: str,
    result_label: str,
    back_url: str,
    back_label: str,
) -> dict[str, Any]:
    """Return the component's context. `check` is the name of the page itself; `result_url` is shown when the job is done."""
    done = job.state == "done"
    return {
        "title": ready if done else title,
        "text": text,
        "step": 1 if done else job.done,
        "steps": 1 if done else max(job.total, 1),
        "done": done,
        "failed": job.over and not done,
        "check_url": reverse(check, args=[job.id]),
        "result_url": result_url if done else "",
        "result_label": result_label,
        "back_url": back_url,
        "back_label": back_label,
    }
