"""The ground floor as a Django app: finds every app's rules and kinds, and registers the checks that refuse a hole in a wall."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoordinationConfig(AppConfig):
    """Ground floor."""

    name = "coordination"

    def ready(self) -> None:
        """Load registries and checks; both need the loaded models."""
        from coordination import checks  # noqa: F401 - needs the loaded models

        autodiscover_modules(
            *(
                "deadlines",
                "letters",
                "reference_data",
                "frame",
                "frame_administration",
                "frame_patients",
                "alerts_frame",
                "attention_frame",
                "oversight_frame",
                "retention_frame",
                "sweep",
                "figures",
            )
        )
