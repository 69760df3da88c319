"""Django's settings, made from the table in `env.py`. Nothing here reads the environment by itself."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from lianying.config.env import environment
from lianying.config.keys import KeyRing

django_stubs_ext.monkeypatch()

ENV: dict[str, Any] = environment()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR: Path = ENV["DATA_DIR"].resolve()
KEYS = KeyRing(DATA_DIR)

SECRET_KEY = KEYS.secret
DEBUG: bool = ENV["DEBUG"]
ALLOWED_HOSTS: list[str] = ENV["HOSTS"]
ROOT_URLCONF = "lianying.config.urls"
WSGI_APPLICATION = "lianying.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "lianying.common",
    "lianying.audit",
    "lianying.orgs",
    "lianying.files",
    "lianying.households",
    "lianying.notices",
    "lianying.triage",
    "lianying.cases",
    "lianying.oversight",
    "lianying.visits",
    "lianying.care",
    "lianying.reviews",
    "lianying.campaigns",
    "lianying.exchange",
    "lianying.desk",
    "lianying.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianying.common.middleware.headers",
    "django.middleware.gzip.GZipMiddleware",
    "lianying.common.middleware.display",
    "lianying.common.middleware.without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianying.orgs.middleware.actor",
    "lianying.common.middleware.refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "lianying.orgs.context.site",
                "lianying.desk.context.rail",
                "lianying.exchange.context.systems",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "lianying.common.templatetags.ui"],
        },
    }
]

if ENV["DATABASE_URL"]:
    DATABASES: dict[str, Any] = {"default": dj_database_url.parse(ENV["DATABASE_URL"], conn_max_age=600)}
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "connect_timeout": 10}
    # Compiling a query took four fifths of the time of the month's figures at 500,000 cases.
    DATABASES["default"]["OPTIONS"]["options"] = "-c jit=off"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {
        "default": {
            "ENGINE": "lianying.common.sqlite",
            "NAME": DATA_DIR / "lianying.sqlite3",
            "CONN_MAX_AGE": None,
            # A file, since an in-memory database has no second process or thread to race with.
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
            "OPTIONS": {
                # A deferred transaction that turns into a writer fails at once under load; an immediate one waits.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
            },
        }
    }

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = ENV["SESSION_MINUTES"] * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "lianying_session"
CSRF_COOKIE_NAME = "lianying_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lianying.common.pages.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV["HTTPS"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "lianying_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

FILES_DIR = DATA_DIR / "files"
FILE_UPLOAD_HANDLERS = ["lianying.files.uploads.LimitedUploadHandler"]
FILE_UPLOAD_MAX_BYTES = ENV["PHOTO_MEGABYTES"] * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A refused request is no event of ours; a fault is, with its path but never its query, which may hold a code.
    "loggers": {"django.request": {"level": "ERROR"}, "lianying": {"level": "INFO"}},
}
