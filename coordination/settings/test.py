"""Tests: real services, fast password hashing, mail kept in memory."""

from coordination.settings.local import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
CELERY_TASK_ALWAYS_EAGER = False
# Static files are served from where they are made; there is no collected folder to look for.
WHITENOISE_AUTOREFRESH = True
