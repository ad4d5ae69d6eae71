"""What holds everywhere. Secrets come from the environment or files; nothing here is safe to change to "more open"."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from coordination.settings.databases import databases
from coordination.settings.secrets import secret

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("SAMVIRKE_VAR", BASE_DIR / "var"))
PROCESS = os.environ.get("SAMVIRKE_PROCESS", "web")

DEBUG = False
SECRET_KEY = secret("SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = []
ALLOW_SYNTHETIC_IDS = False
REQUIRE_TOTP = False
#: Keys of the identity-number wrapper: one encrypts (Fernet, newest first, comma-separated), one makes the lookup hash.
FIELD_KEYS = (secret("SAMVIRKE_FIELD_KEY", "") or "").split(",")
LOOKUP_KEY = secret("SAMVIRKE_LOOKUP_KEY", "") or ""

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql:///samvirke")
DATABASES: dict[str, dict[str, Any]] = databases(DATABASE_URL, process=PROCESS)
DATABASE_ROUTERS = ["coordination.routers.LoginRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "coordination",
    "consent",
    "intake",
    "isolation",
    "follow_up",
    "referrals",
    "release_planning",
    "recovery_units",
    "cooperation",
]
AUTH_USER_MODEL = "coordination.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# Reading rights are the database's; guardian only keeps the grants, so its permission backend has no work here.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
]
LOGIN_URL = "login"

MIDDLEWARE = [
    "coordination.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "coordination.api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coordination.middleware.ActingMiddleware",
    "coordination.step_up.StepUpMiddleware",
]
ROOT_URLCONF = "coordination.urls"
WSGI_APPLICATION = "coordination.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "coordination.page_frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "coordination.form_renderer.Renderer"
FORMAT_MODULE_PATH = "coordination.locale_formats"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "coordination.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
#: Idle and absolute limits of one login; the database enforces both.
SESSION_IDLE = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=8)
#: How long a password typed in a session counts for what is dangerous: sharing on grounds of danger, exports.
STEP_UP_LASTS = timedelta(minutes=5)
LOGIN_ATTEMPTS = 8
LOGIN_LOCKOUT = timedelta(minutes=15)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
# Not "no-referrer": under that a browser sends "Origin: null" with every form, and no form gets past the check of where it came from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Five files of ten megabytes: what somebody attaches is read in memory, and never lies in a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 55 * 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "samvirke@localhost")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")

CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    # Interval schedules only: on the night the clock goes back a crontab stands still for an hour.
    "sweep": {"task": "coordination.tasks.sweep", "schedule": timedelta(seconds=30), "options": {"expires": 25}},
    "send": {"task": "coordination.tasks.send_mail", "schedule": timedelta(seconds=60), "options": {"expires": 50}},
    "seal": {"task": "coordination.tasks.seal_audit", "schedule": timedelta(seconds=60), "options": {"expires": 50}},
    "anchor": {"task": "coordination.tasks.send_anchor", "schedule": timedelta(minutes=5), "options": {"expires": 240}},
    # Dates, not instants, decide what is due; several times a day so that a night without a worker costs hours, not a day.
    "delete": {"task": "coordination.tasks.delete_due", "schedule": timedelta(hours=6), "options": {"expires": 3600}},
}
#: What the prisons' own case system is called on pages where entries are taken there. The circular says Kompis-KIA.
CASE_SYSTEM = os.environ.get("SAMVIRKE_CASE_SYSTEM", "Kompis-KIA")
#: Where the newest seal of the audit log goes, outside the database: a file that is appended to, a command that gets the line, or both.
AUDIT_ANCHORS_FILE = os.environ.get("SAMVIRKE_AUDIT_ANCHORS_FILE", "")
AUDIT_ANCHORS_COMMAND = os.environ.get("SAMVIRKE_AUDIT_ANCHORS_COMMAND", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["coordination.api.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["coordination.api.authentication.IsActing"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "coordination.api.pagination.NewestFirst",
    "PAGE_SIZE": 25,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "coordination.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Samvirke",
    "DESCRIPTION": "The same lists and verbs as the pages, with the same walls.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AdviceBasisEnum": ["LB08", "LB02", "LB11"],
        "AnswerEnum": ["yes", "no", "uncertain"],
        "AreaEnum": "intake.models.Area",
        "ConsultationOutcomeEnum": ["held", "declined", "later"],
        "ConditionEnum": "follow_up.models.Condition",
        "CooperationBasisEnum": ["LB10", "LB12"],
        "InformationAnswerBasisEnum": ["LB02", "LB09", "LB11"],
        "ReferralBasisEnum": "referrals.actions.sending.BASES",
        "StatementEnum": ["obtained", "not_obtained"],
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "coordination.reticence.Reticent", "fmt": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The error mail handler and request repr would carry content out, and so would an exception's own words; see coordination.reticence.
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
