"""The one settings file: what differs between installations comes from the environment.

docs/settings.md lists the variables.
"""

import sys
from pathlib import Path

import environ
from django.utils.csp import CSP

from networkcrm import home

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HOME = home.path()
DEBUG = env.bool("NETWORKCRM_DEBUG", default=False)
TESTING = "pytest" in sys.modules

SECRET_KEY = env.str("SECRET_KEY", default="") or home.secret_key(HOME)

# Links in mails are made from this, never from what a browser calls itself.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[environ.urlparse(BASE_URL).hostname, "localhost", "127.0.0.1", "[::1]"],
)
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "networkcrm",
    "contacts",
    "events",
    "connections",
    "followups",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "networkcrm.health.HealthMiddleware",
    "networkcrm.middleware.CarefulHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "networkcrm.page_cache.PageCacheMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "networkcrm.middleware.OwnerTimeZoneMiddleware",
]

ROOT_URLCONF = "networkcrm.urls"
WSGI_APPLICATION = "networkcrm.wsgi.application"
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
            ],
            "builtins": [
                "django.templatetags.static",
                "networkcrm.templatetags.networkcrm",
            ],
        },
    }
]
FORM_RENDERER = "networkcrm.forms.FormRenderer"

# The embedded server of HOME, or the server of DATABASE_URL.
DATABASE_URL = env.str("DATABASE_URL", default="")
EMBEDDED = not DATABASE_URL
DATABASES = {
    "default": home.embedded_database(HOME) if EMBEDDED else home.database(DATABASE_URL)
}
# A connection that died with its server is noticed before it is used.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# What the URL says after its question mark stays.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    # Tests go one by one, and drop their database at the end.
    "pool": not TESTING and {"min_size": 1, "max_size": 10, "timeout": 10},
} | DATABASES["default"].get("OPTIONS", {})
# The server itself, when DATABASE_URL leads to a pooler in transaction mode: there a
# session ends with each transaction, and what needs a longer one goes past it
# (networkcrm.database). WORKER_DATABASE_URL was its name when only the worker did.
DIRECT_DATABASE_URL = not EMBEDDED and env.str(
    "DIRECT_DATABASE_URL", default=env.str("WORKER_DATABASE_URL", default="")
)
DIRECT_DATABASE = DIRECT_DATABASE_URL and home.database(
    DIRECT_DATABASE_URL, "DIRECT_DATABASE_URL"
)
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = bool(DIRECT_DATABASE_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_IMPORT_PATHS = ["networkcrm.upkeep"]
TASKS = {"default": {"BACKEND": "networkcrm.tasks.ProcrastinateBackend"}}

AUTH_USER_MODEL = "networkcrm.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "networkcrm.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "networkcrm.account_forms.LoginForm",
    "signup": "networkcrm.account_forms.SignupForm",
    "reauthenticate": "networkcrm.account_forms.ReauthenticateForm",
    "add_email": "networkcrm.account_forms.AddEmailForm",
    "change_password": "networkcrm.account_forms.ChangePasswordForm",
    "set_password": "networkcrm.account_forms.SetPasswordForm",
    "reset_password": "networkcrm.account_forms.ResetPasswordForm",
    "reset_password_from_key": "networkcrm.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# The page behind the link to someone who is asked, of one visitor and of one link.
ACCOUNT_RATE_LIMITS = {
    "consent_answer": "60/m/ip,20/m/key",
    "feed": "60/m/ip,20/m/key",
    "digest_off": "60/m/ip,20/m/key",
    # Each asks a mail server or a push service, and waits for it.
    "reminder_test": "6/m/user",
    # Many stand before one code at once, and share the address of the place.
    "card": "60/m/ip,120/m/key",
    "card_thanks": "60/m/ip,120/m/key",
    "card_vcf": "60/m/ip,120/m/key",
    "card_note": "10/m/ip,30/m/key",
}
MFA_ADAPTER = "networkcrm.accounts.MFAAdapter"
MFA_FORMS = {
    "authenticate": "networkcrm.account_forms.AuthenticateForm",
    "reauthenticate": "networkcrm.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "networkcrm.account_forms.ActivateTOTPForm",
    "add_webauthn": "networkcrm.account_forms.AddPasskeyForm",
    "edit_webauthn": "networkcrm.account_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "networkcrm"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False
# After the first account, only the owner's word opens sign-up again.
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=False)
# Strangers prove their address. The owner, who may have no mail server, need not.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SIGNUP_OPEN else "none"
MFA_ALLOW_UNVERIFIED_EMAIL = not SIGNUP_OPEN

# Mails go to the terminal until EMAIL_URL names a server.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="networkcrm@localhost")
MAILERS = {"default": home.mailer(env.str("EMAIL_URL", default="consolemail://"))}

# Notices are pushed with this key, or with the one in HOME.
VAPID_PRIVATE_KEY = home.checked_vapid_key(env.str("VAPID_PRIVATE_KEY", default=""))
# Where browsers take them: names, a dot in front stands for all below it. The server
# calls nobody else, whatever a browser says its push service is.
PUSH_SERVICES = [
    "fcm.googleapis.com",
    "jmt17.google.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
    *env.list("PUSH_SERVICES", default=[]),
]

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(HOME / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(HOME / "media"))
STORAGES = {
    # Photos, pictures of cards and files to import: a folder, or an object store.
    "default": home.media_storage(
        env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        env.str("MEDIA_STORAGE_OPTIONS", default=""),
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "networkcrm.static_files.BundlingStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if not SECURE:
    # On one's own machine there is no https to insist on, and mails may go to the
    # terminal. With a BASE_URL of https, `check --deploy` asks for all of it.
    SILENCED_SYSTEM_CHECKS = [
        *("security.W004", "security.W008", "security.W012", "security.W016"),
        "mail.E001",
    ]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Rate limits count visitors, not the proxy.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "networkcrm_cache",
        # What can be undone for a day and who may try again stand here.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Unchanged pages are sent again as they were. Tests that roll back never move the
# revisions this is checked by; those that want it switch it on.
PAGE_CACHE = env.bool("PAGE_CACHE", default=not (DEBUG or TESTING))

# Every request on stderr; a proxy in front usually keeps that log.
ACCESS_LOG = env.bool("ACCESS_LOG", default=False)
LOGGING = home.logging(debug=DEBUG)
