"""Django settings: one file; places differ by environment only (docs/running/settings.md)."""

import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from thudo.base import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("THUDO_DATA", str(BASE_DIR / "var"))).resolve()
PACK_DIR = Path(env.text("THUDO_PACK", str(BASE_DIR / "packs" / "hanoi"))).resolve()
FILES_DIR = DATA_DIR / "files"

DEBUG = env.flag("THUDO_DEBUG")
DEMO = env.flag("THUDO_DEMO")
# bin/up writes a secret of its own into the data folder and passes it on; a fixed one would be a hole.
SECRET_KEY = env.text("THUDO_SECRET_KEY", "tests-only" if "PYTEST_VERSION" in os.environ else None)
ALLOWED_HOSTS = env.text("THUDO_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env.text("THUDO_ORIGINS", "").split(",") if o]
PUBLIC_URL = env.text("THUDO_PUBLIC_URL", "http://localhost:8000")
# SMS gateway for one-time codes; empty means numbers stay marked as unverified.
SMS_GATEWAY = env.text("THUDO_SMS_GATEWAY", "")
TILE_URL = env.text("THUDO_TILE_URL", "")
# The other doors, each shut until its settings are given (docs/running/channels.md).
CHANNELS = {
    name: env.text(f"THUDO_{name}", "")
    for name in (
        "MAIL_IN", "MAIL_OUT", "MAIL_ADDRESS", "SMS_SECRET",
        "ZALO_APP", "ZALO_APP_SECRET", "ZALO_WEBHOOK_SECRET", "ZALO_API", "ZALO_OAUTH",
        "APP_ISSUER", "APP_CLIENT", "APP_SECRET", "APP_PUSH", "APP_PUSH_SECRET",
    )
}  # fmt: skip
# Pages without our head and foot, for the web view of the app that people know; and which sites
# (origins, with spaces) may show pages in a frame.
EMBED_COOKIE = "thudo_embed"
FRAMES = env.text("THUDO_FRAMES", "")
# key id -> key: 32 bytes in URL-safe base64; the first one encrypts, all decrypt.
IDENTITY_KEYS = env.text("THUDO_IDENTITY_KEYS", "")
# By which push services know us: 32 bytes in URL-safe base64; "" derives one from the secret.
PUSH_KEY = env.text("THUDO_PUSH_KEY", "")

SLICES = [
    "base", "journal", "files", "directory", "accounts", "deadlines", "routing", "advisories",
    "cases", "petitions", "notices", "desks", "reception", "operations", "live", "standards", "packs", "simulation", "channels",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *[f"thudo.{name}" for name in SLICES],
]
MIDDLEWARE = [
    "thudo.base.middleware.security_headers",
    "thudo.base.middleware.embedding",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "thudo.accounts.middleware.actor",
    "thudo.base.limits.middleware.limits",
    "thudo.base.middleware.addresses",
    "thudo.base.middleware.refusals",
]
ROOT_URLCONF = "thudo.urls"
WSGI_APPLICATION = "thudo.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/cases/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
CSRF_COOKIE_SAMESITE = "Lax"
# Only a front that we started, or an installation behind HTTPS, may say that a request was secure.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
CSRF_FAILURE_VIEW = "thudo.base.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thudo.base.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "thudo.base.templatetags.thudo"],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL URL; `host` may be a socket folder (?host=/path)."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "thudo.base.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "thudo",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        # Server-side binding and prepared statements go together: each alone costs a third of
        # the throughput of filing (docs/reference/performance.md).
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_thudo_{os.getpid()}"},
    }


DATABASES = {
    "default": database(
        env.text("DATABASE_URL", "postgresql:///thudo?host=" + str(DATA_DIR / "postgres"))
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_COOKIE_NAME = "thudo_language"
USE_TZ = True
# The city's zone and languages are the pack's to say, so that Python holds no city.
CITY = tomllib.loads((PACK_DIR / "city.toml").read_text("utf-8"))
TIME_ZONE = CITY["time_zone"]
LANGUAGE_CODE = CITY["languages"][0]["code"]
LANGUAGES = [(language["code"], language["name"]) for language in CITY["languages"]]
USE_THOUSAND_SEPARATOR = True

# Pages that open without a network (the service worker keeps them); the first is the app's shortcut.
OFFLINE_PAGES = ["/petitions/new"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "web" / "dist"] if (BASE_DIR / "web" / "dist").is_dir() else []
if not DEBUG and "PYTEST_VERSION" not in os.environ:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
# Rate limits (thudo/base/limits, the pack's limits.toml). Tests count only where they say so.
LIMITS = env.flag("THUDO_LIMITS", default="PYTEST_VERSION" not in os.environ)
LIMITS_SHARED = "PYTEST_VERSION" not in os.environ
LIMITS_TRUSTED = [
    one for one in env.text("THUDO_LIMITS_TRUSTED", "127.0.0.0/8,::1").split(",") if one
]
# What tells one device from another: the draft of its petition, else its session.
LIMITS_COOKIES = ["thudo_draft", "thudo_device", "sessionid"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# One photograph; larger ones are refused with a sentence (thudo/files/rules.py).
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
# What stays free on the disk of the files: below it no more are taken (507), and all else goes on.
LEAST_FREE_BYTES = 512 * 1024 * 1024

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("THUDO_LOG", "INFO")},
}
