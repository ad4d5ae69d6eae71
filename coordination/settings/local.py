"""A developer's machine and the demo: embedded services, invented people, no second factor, longer idle time."""

from coordination.settings.base import *  # noqa: F403
from coordination.settings.base import timedelta

SECRET_KEY = "local-only-not-a-secret-local-only-not-a-secret-0123456789"  # noqa: S105 - refused by production settings
FIELD_KEYS = ["bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMDEyMzQ1Njc="]
LOOKUP_KEY = "local-only-not-a-secret-lookup-0123"
ALLOW_SYNTHETIC_IDS = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SESSION_IDLE = timedelta(hours=2)
# In files, so that what the demo prints (its address and users) is not buried.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # noqa: F405 - invented people, never in production

# The demo serves css, script and fonts straight from static/; production collects them at build.
WHITENOISE_USE_FINDERS = True
# whitenoise warns about a folder that is not there, and warnings are errors.
STATIC_ROOT = VAR_DIR / "staticfiles"  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
