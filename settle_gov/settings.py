"""All settings. Every variable read here stands in .env.example; a name with _FILE appended reads a file."""

import logging
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv, validate

from cases.schedule import periodic_jobs
from settle_gov.local_secret import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = FileAwareEnv()
env.read_env(BASE_DIR / ".env", recurse=False)

# Where: one folder holds the embedded database, uploads, logs and drawn secrets
DATA_DIR = env.path("DATA_DIR", default=BASE_DIR / "var").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database of residents is nobody else's to read
HOST = env.str("HOST", default="127.0.0.1")  # where `manage.py up` listens
PORT = env.int("PORT", default=8000, validate=validate.Range(1, 65535))

DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{quote(str(DATA_DIR / 'db.sqlite3'))}")}
IS_EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_EMBEDDED:
    # Without IMMEDIATE two writers fail with "database is locked" at once, whatever the timeout.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker: REDIS_URL, or the one that `manage.py up` has started for this data folder.
# Without either, messages go nowhere and the outbox sweep delivers later; on a server nothing starts so.
BROKER_NOTE = DATA_DIR / "broker"
EXTERNAL_BROKER = env.str("REDIS_URL", default=None)
REDIS_URL = EXTERNAL_BROKER or (BROKER_NOTE.read_text().strip() if BROKER_NOTE.exists() else "memory://localhost")
# What all processes count together: how often somebody asks. A cache that does not answer stops nobody.
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if not REDIS_URL.startswith("memory:"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket:", "unix:", 1),
        "KEY_PREFIX": "settle_gov",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
HAS_NO_BROKER = not IS_EMBEDDED and not EXTERNAL_BROKER

# Security
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=None) or (
    local_secret(DATA_DIR / "secret_key") if IS_EMBEDDED else env.str("SECRET_KEY")
)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = ["^api/v1/(health|ready)/$"]  # a load balancer asks from inside, without TLS
# Browsers keep to this until the time is over, whatever happens to the certificate: short unless somebody decides.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600, validate=validate.Range(min=0)) if HTTPS else 0
# Sub-domains and the preload lists of browsers concern sites that are not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# A session ends so long after its last request, and in any case so long after it began.
SESSION_ENGINE = "settle_gov.web.sessions"
SESSION_COOKIE_AGE = 60 * env.int("SESSION_IDLE_MINUTES", default=30, validate=validate.Range(min=5))
SESSION_HOURS = env.int("SESSION_HOURS", default=12, validate=validate.Range(min=1))
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# How many requests: a minute of a token or a user, a minute of an address without either; an hour of an address that
# reports or follows up without an account, an hour of wrong codes of one case. 0 is no limit.
RATES = {
    "member": env.int("RATE_MEMBER", default=1200, validate=validate.Range(min=0)),
    "stranger": env.int("RATE_STRANGER", default=60, validate=validate.Range(min=0)),
    "report": env.int("RATE_REPORT", default=10, validate=validate.Range(min=0)),
    "follow_up": env.int("RATE_FOLLOW_UP", default=60, validate=validate.Range(min=0)),
    "follow_up_of_one": env.int("RATE_FOLLOW_UP_OF_ONE", default=60, validate=validate.Range(min=0)),
}
PUBLIC_REPORTS = env.bool("PUBLIC_REPORTS", default=True)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0, validate=validate.Range(min=0))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

DEMO_PASSWORD = env.str("DEMO_PASSWORD", default=None)  # of the demo accounts; without it one is drawn

AUTH_USER_MODEL = "stakeholders.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {"NAME": "stakeholders.password_length.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Signing in goes through allauth; pages and texts are our own, and what is counted stands in the database. Its own
# limits would count in the cache, and nobody could sign in while that is away.
ACCOUNT_ADAPTER = "settle_gov.web.door.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody signs up: administrators make accounts
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "settle_gov"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
TWO_FACTOR_REQUIRED = env.bool("TWO_FACTOR_REQUIRED", default=False)  # of administrators and coordinators
# Six months at least, as the Cybersecurity Law has it; the database refuses to forget anything sooner.
SIGN_IN_LOG_DAYS = env.int("SIGN_IN_LOG_DAYS", default=183, validate=validate.Range(min=183))

INSTALLED_APPS = [
    "settle_gov",
    "allauth.account",
    "allauth.mfa",
    "surveys",
    "cases",
    "stakeholders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "settle_gov.web.sessions.SessionLifeMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "settle_gov.web.fragments.FragmentMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "settle_gov.web.sign_in_again.SignInAgainMiddleware",
    "settle_gov.web.membership.MembershipMiddleware",
    "settle_gov.web.second_step.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "settle_gov.web.conflicts.ConflictMiddleware",
]
ROOT_URLCONF = "settle_gov.urls"
WSGI_APPLICATION = "settle_gov.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "settle_gov.web.context.page",
            ],
        },
    }
]

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"  # working time and people's time; the API carries offsets
USE_TZ = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "uploads"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "settle_gov.api.authentication.TokenAuthentication",
        "settle_gov.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["settle_gov.api.permissions.HasMembership"],
    "DEFAULT_THROTTLE_CLASSES": ["settle_gov.api.throttling.MemberLimit"],
    "DEFAULT_RENDERER_CLASSES": ["settle_gov.api.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["settle_gov.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "settle_gov.api.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["settle_gov.api.filtering.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "settle_gov.api.openapi.operation.Operation",
    "DEFAULT_METADATA_CLASS": None,  # what there is stands in the documents, not behind OPTIONS
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "settle_gov.api.problems.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "settle_gov",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PATH_CONVERTER_OVERRIDES": {"case_number": {"type": "string", "pattern": "^[A-Z0-9-]{1,24}$"}},
    "POSTPROCESSING_HOOKS": ["settle_gov.api.openapi.refusals.tell_refusals"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Mail. Where no server is named it is written to files, so that nothing leaves the host and nothing is lost.
vars().update(env.dj_email_url("EMAIL_URL", default=f"file:///{DATA_DIR / 'mail'}"))
EMAIL_TIMEOUT = 10  # seconds that a server may let a worker wait
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="settle_gov@localhost")
SITE_URL = env.str("SITE_URL", default="").rstrip("/")

# Webhooks are called on the internet alone, and in these networks, where plain HTTP will do.
WEBHOOK_ALLOWED_NETWORKS = list(map(ip_network, env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])))

# Background work. A job may run twice (a worker may die after its commit), so each is harmless the second time.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long it is gone, the worker is there when it comes back
# People wait for a broker that hangs: twice this long, for each message. What it did not take is published later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 2,
    "socket_timeout": 1,
    "priority_steps": [0, 9],  # of these the broker hands out the lower one first
}
# However many events wait to be told, the periodic jobs go before them: those expire in the queue, and one of them
# tells what is left behind. The other way about a long queue would keep every job from ever running.
WAITING = ("cases.publish_events", "cases.work_off_bulk_job", "cases.work_off_import")
CELERY_TASK_ROUTES = {name: {"priority": 9} for name in WAITING}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 240  # of what is no periodic job: those have their own
CELERY_TIMEZONE = TIME_ZONE
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30, validate=validate.Range(min=1))
PERIODIC_JOBS = periodic_jobs(sweep=SWEEP_SECONDS)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {
        "task": name,
        "schedule": crontab(job.every.minute, job.every.hour) if isinstance(job.every, time) else job.every,
        "options": {"expires": job.period.total_seconds()},  # what piled up while no worker ran is done once
    }
    for name, job in PERIODIC_JOBS.items()
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"plain_refusals": {"()": "settle_gov.plain_refusals.PlainRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["plain_refusals"]}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", default=logging.INFO)},
}
