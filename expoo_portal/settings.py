"""All settings, read from the environment; safe for production by default.

`EXPOO_DEV=1`, set by start.py, means: this machine only, the embedded database under the data directory, mail
written to files. Anything else is production, where each missing secret stops the start with a sentence.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from . import __version__, database

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEVELOPMENT = env.bool("EXPOO_DEV", default=False)
DATA_DIR = Path(env.str("EXPOO_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
VERSION = __version__
TESTING = "pytest" in sys.modules
DEBUG = False


def _required(name: str, why: str) -> str:
    """The value of an environment variable that production cannot do without."""
    value = env.str(name, default="")
    if not value:
        sys.exit(f"De omgevingsvariabele {name} ontbreekt: {why} Zie docs/operations.md.")
    return value


def _parsed(name: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The parts of an address in the environment; its own text is not shown, for it may hold a password."""
    try:
        return read(name)
    except (ImproperlyConfigured, ValueError):
        sys.exit(f"De omgevingsvariabele {name} is niet te lezen. Zie docs/operations.md.")


def _kept_secret(path: Path) -> str:
    """The secret key of this machine's own data directory, made at the first start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    return path.read_text()


if DEVELOPMENT:
    SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret(DATA_DIR / "secret-key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
    SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('EXPOO_PORT', default=8000)}")
    DATABASE_URL = env.str("DATABASE_URL", default="") or database.url(DATA_DIR)
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portaal@localhost")
    MAIL_TRANSPORT = env.email_url("EMAIL_URL", default=f"filemail:///{quote(str(DATA_DIR / 'mail'))}")
else:
    SECRET_KEY = _required("SECRET_KEY", "een lange willekeurige tekst waarmee sessies ondertekend worden.")
    ALLOWED_HOSTS = [
        host.strip()
        for host in _required("ALLOWED_HOSTS", "de domeinnamen van het portaal, met komma's ertussen.").split(
            ","
        )
    ]
    SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}")
    DATABASE_URL = _required("DATABASE_URL", "waar de Postgres-databank staat.")
    DEFAULT_FROM_EMAIL = _required("DEFAULT_FROM_EMAIL", "het adres dat als afzender van mails staat.")
    _required(
        "EMAIL_URL", "de mailserver, bijvoorbeeld smtp+tls://gebruiker:wachtwoord@mail.example.org:587."
    )
    MAIL_TRANSPORT = _parsed("EMAIL_URL", env.email_url)
    if not DATABASE_URL.startswith(("postgresql://", "postgres://")):
        sys.exit("De omgevingsvariabele DATABASE_URL noemt geen Postgres-databank. Zie docs/operations.md.")
    _parsed("DATABASE_URL", env.db_url)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "expoo_portal.admin_app.PortalAdminConfig",
    # Before our own apps, so that accounts/admin.py can take allauth's raw tables out of the admin.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "expoo_portal.apps.PortalConfig",
    "expoo_portal.accounts.apps.AccountsConfig",
    "expoo_portal.themes.apps.ThemesConfig",
    "practices.apps.PracticesConfig",
    "network.apps.NetworkConfig",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "imagekit",
    "import_export",
    "simple_history",
    "adminsortable2",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    # Before what sends http to https, so that this answer carries their headers too.
    "expoo_portal.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "expoo_portal.search.counting.SearchCountMiddleware",
    "expoo_portal.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "expoo_portal.accounts.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "expoo_portal.urls"
WSGI_APPLICATION = "expoo_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Database: short queries, so no jit; a pool per process, checked before use so that a restarted server is no error.
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "options": f"-c jit=off -c lock_timeout=10s -c statement_timeout={env.str('STATEMENT_TIMEOUT', default='0')}",
        "pool": False if TESTING else {"min_size": 1, "max_size": 8, "timeout": 3, "max_idle": 300},
        "connect_timeout": 3,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits must be shared between processes, and Postgres is the one store there is.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# Staff make the accounts (the adapter closes sign-up); the sign-up fields only say what a sign-in form asks.
ACCOUNT_ADAPTER = "expoo_portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"expoo_portal.accounts.forms.{form}"
    for name, form in {
        "login": "LoginForm",
        "request_login_code": "RequestLoginCodeForm",
        "confirm_login_code": "ConfirmLoginCodeForm",
        "reauthenticate": "ReauthenticateForm",
        "reset_password": "ResetPasswordForm",
        "confirm_password_reset_code": "ConfirmPasswordResetCodeForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "add_email": "ChangeEmailForm",
        "confirm_email_verification_code": "ConfirmEmailForm",
    }.items()
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Digits, so that a phone shows its large keys.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}
# Per address as well as per network, because a whole organisation may sit behind one address.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/15m/key",
    "reset_password": "20/m/ip,5/15m/key",
}
# Behind how many proxies of our own the portal stands: the client's address counts for the limits above.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0 if DEVELOPMENT else 1)
MFA_ADAPTER = "expoo_portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    name: f"expoo_portal.accounts.forms.{form}"
    for name, form in {
        "authenticate": "SecondStepForm",
        "reauthenticate": "SecondStepAgainForm",
        "activate_totp": "ActivateAppForm",
        "add_webauthn": "AddPasskeyForm",
        "edit_webauthn": "RenamePasskeyForm",
    }.items()
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "EXPOO Inspiratie"
MFA_TOTP_TOLERANCE = 1
# A passkey needs https; on this machine only, plain http will do.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
# Who needs a second factor, next to staff: functions of higher floors, asked with the user.
SECOND_FACTOR_REQUIRED_FOR = ["network.models.is_facilitator"]
# Groups of staff, made at each migrate: whole apps or models that they keep, or single permissions.
STAFF_GROUPS = {
    "Redactie": [
        "practices",
        "themes",
        "portal.page",
        "portal.historicalpage",
        "portal.synonymgroup",
        "portal.pinnedanswer",
        "portal.historicalpinnedanswer",
        "portal.searchcount",
    ],
    "Netwerkbeheer": ["network", "accounts.view_user", "accounts.add_user"],
}

# Language and time.
LANGUAGE_CODE = "nl-be"
LANGUAGES = [("nl-be", "Nederlands (België)")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_I18N = True
USE_TZ = True

# Static files and uploads. Uploads leave only through the file view, never through the web server.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "niet-rechtstreeks/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Mail goes into the outbox in the same transaction and leaves through the job queue.
EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 20
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Security. http is only for the machine itself.
_HTTPS = not DEVELOPMENT
SECURE_SSL_REDIRECT = _HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^gezond/$"]
if _HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_COOKIE_PREFIX = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessie"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "expoo_portal.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [NONE],
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True

# Where the daily mail about what waits for the editors goes; empty: there is none.
EDITORS_EMAIL = env.str("EDITORS_EMAIL", default="")
# Where the contact forms of the themes go when nobody in particular is asked.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="") or DEFAULT_FROM_EMAIL

# After how many months the contact of a practice is asked whether it is still true.
PRACTICE_REVIEW_MONTHS = env.int("PRACTICE_REVIEW_MONTHS", default=18)
# For how many days the link in that mail takes an answer.
CONFIRMATION_LINK_DAYS = env.int("CONFIRMATION_LINK_DAYS", default=90)
# After how many untouched days the sender of a draft is warned; a month later it is deleted.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=183)
# After how many months requests for membership that were refused or withdrawn are deleted, and lapsed invitations.
NETWORK_REFUSED_MONTHS = env.int("NETWORK_REFUSED_MONTHS", default=6)

# After how many years without a sign-in an account is erased; its owner is told twice, the first time a month before.
ACCOUNT_INACTIVE_YEARS = env.int("ACCOUNT_INACTIVE_YEARS", default=2)

# Under which licence the open data may be used: EXPOO decides (docs/operations.md).
OPEN_DATA_LICENCE = {
    "name": env.str("OPEN_DATA_LICENCE_NAME", default="CC BY 4.0"),
    "url": env.str("OPEN_DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/deed.nl"),
}

# How old what a process knows of the content version may be.
CONTENT_VERSION_SECONDS = env.float("CONTENT_VERSION_SECONDS", default=1.0)
# How long a process keeps searches before it counts them, all in one statement.
SEARCH_INSIGHT_SECONDS = 10.0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"links": {"()": "expoo_portal.log_filter.HidePrivateLinks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
