"""Django's settings, made from the environment (config/env.py) and nothing else."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF

from podpora.base import clock
from podpora.config import database, env, storage

database.swap_sqlite()
try:
    ENV = env.read()
except env.BadSetting as problem:
    sys.exit(f"podpora: {problem}")
if ENV.clock:
    clock.start_at(ENV.clock)

PACKAGE = Path(__file__).resolve().parent.parent

# Ours
SITE_URL = ENV.site_url
SITE_HTTPS = SITE_URL.startswith("https://")
VENDOR_ZONE = ENV.time_zone
DATA_DIR = ENV.data_dir
DEMO = ENV.demo
PAYMENT_PROVIDERS = ENV.payment_providers
SMTP_URL = ENV.smtp_url
WEBHOOK_HOSTS = ENV.webhook_hosts
IMAP_URL = ENV.imap_url
MAIL_HOSTS = ENV.mail_hosts
BOUNCE_ADDRESS = ENV.bounce_address
AUTHSERV_IDS = ENV.mail_authserv

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ["*"]  # every link is made from SITE_URL, never from the Host header (S05)
ROOT_URLCONF = "podpora.config.urls"
WSGI_APPLICATION = "podpora.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    *(
        f"podpora.{room}"
        for room in (
            *("jobs", "audit", "files", "search", "mail", "notifications", "people", "catalog", "problems", "entitlements"),
            *("licensing", "fleet", "knowledge", "forum", "desk", "orders", "web"),
        )
    ),
    "podpora.api",
    "podpora.config",
]

MIDDLEWARE = [
    "podpora.web.caching.cache_rules",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "podpora.web.crawlers.slow_lane",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "podpora.web.middleware.request_facts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "podpora.web.portal.account.tracking.session_seen",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "podpora.web.context.page_facts",
            ],
            "builtins": ["template_partials.templatetags.partials", "podpora.web.templatetags.podpora"],
        },
    }
]

DATABASES = {"default": database.settings_for(ENV)}
_TABLE = {"BACKEND": "podpora.config.cache.JsonTable", "LOCATION": "django_cache"}
CACHES = {
    "default": {"BACKEND": "podpora.config.cache.JsonRedis", "LOCATION": ENV.redis_url} if ENV.redis_url else _TABLE,
    "table": _TABLE,  # where Redis is the cache: takes its place while it can't be reached
}
PAGES_KEPT = 30  # seconds for which a page that is the same for every visitor is kept in memory (web/caching.py)
STORAGES = {
    "default": storage.settings_for(ENV),
    "staticfiles": {"BACKEND": "podpora.config.static.PackageStaticStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en"
LANGUAGES = [("cs", "Čeština"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["podpora.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "public:home"

# Accounts: the hardened start of COMMERCE part 2.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_ADAPTER = "podpora.web.portal.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "podpora.web.portal.account.forms.LoginForm",
    "signup": "podpora.web.portal.account.forms.SignupForm",
    "reset_password": "podpora.web.portal.account.forms.ResetPasswordForm",
    "reset_password_from_key": "podpora.web.portal.account.forms.ResetPasswordKeyForm",
    "change_password": "podpora.web.portal.account.forms.ChangePasswordForm",
    "confirm_email_verification_code": "podpora.web.portal.account.forms.ConfirmAddressForm",
    "set_password": "podpora.web.portal.account.forms.SetPasswordForm",
    "add_email": "podpora.web.portal.account.forms.AddEmailForm",
    "reauthenticate": "podpora.web.portal.account.forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "signup": "10/m/ip,40/d/ip"
}  # the others are allauth's; new accounts of one address wait in the forum too (FO-18)
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies
PASSWORD_RESET_TIMEOUT = 3600
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO and not SITE_HTTPS
MFA_ADAPTER = "podpora.web.portal.account.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "podpora.web.portal.account.forms.FactorForm",
    "reauthenticate": "podpora.web.portal.account.forms.FactorAgainForm",
    "activate_totp": "podpora.web.portal.account.forms.ActivateAppForm",
    "authenticate_webauthn": "podpora.web.portal.account.passkeys.AuthenticateForm",
    "login_webauthn": "podpora.web.portal.account.passkeys.LoginForm",
    "reauthenticate_webauthn": "podpora.web.portal.account.passkeys.AgainForm",
    "add_webauthn": "podpora.web.portal.account.passkeys.AddForm",
}
STAFF_NEED_SECOND_FACTOR = not DEMO  # the desk and the office open only with a passkey or an authenticator app
USERSESSIONS_TRACK_ACTIVITY = True

# Cookies and headers
_HOST = "__Host-" if SITE_HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SECURE_HSTS_SECONDS = 31536000 if SITE_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "podpora.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # the HTML of a mail, which is the only page that lets itself be framed (web/framed.py)
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Mail: everything goes through the room `mail`; nothing is sent from a request.
EMAIL_BACKEND = "podpora.config.email.QueueBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from

TASKS = {"default": {"BACKEND": "podpora.config.tasks.LeasedBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "podpora.config.logs.formatter", "style": ENV.log_format}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
# Said in our own words by config/checks.py (podpora.E011); the business of the proxy that ends TLS (W008); or of the vendor's
# whole domain, which is not ours to decide (W005, W021).
SILENCED_SYSTEM_CHECKS = [f"security.{number}" for number in ("W004", "W005", "W008", "W012", "W016", "W021")]
