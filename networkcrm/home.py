"""The data folder of one installation, and the settings that follow from it."""

import base64
import importlib.util
import json
import os
import secrets
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import environ
import platformdirs

DATABASE_NAME = "networkcrm"
# FIPS 186-5: how many points the curve of VAPID keys has.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# A mail server that says nothing for so long holds up what comes after it.
MAIL_PATIENCE = 20


class SetupError(Exception):
    """It cannot run as it is set up; the message says why, in a sentence."""


def path() -> Path:
    """NETWORKCRM_HOME, or the user's data directory."""
    chosen = os.environ.get("NETWORKCRM_HOME")
    return (
        Path(chosen).expanduser().resolve()
        if chosen
        else Path(platformdirs.user_data_dir("networkcrm", appauthor=False))
    )


def secret_key(home: Path) -> str:
    """The key of this installation, made on first use and readable by its user only.

    Raises SetupError when the folder cannot be written.
    """
    return _made_once(home, "secret_key", secrets.token_urlsafe(64))


def vapid_key(home: Path) -> str:
    """The private key that push services of browsers know this installation by.

    A number of 32 bytes below the order of the curve P-256 (RFC 8292), base64url.
    Made on first use like the key above. Raises SetupError.
    """
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    return _made_once(home, "vapid_key", _in_letters(number.to_bytes(32)))


def checked_vapid_key(chosen: str) -> str:
    """VAPID_PRIVATE_KEY as it was chosen, "" when it was not. Raises SetupError."""
    if not chosen:
        return ""
    try:
        raw = base64.b64decode(chosen + "=" * (-len(chosen) % 4), b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32 or not 0 < int.from_bytes(raw) < P256_ORDER:
        raise SetupError(
            "VAPID_PRIVATE_KEY must be a private key of the curve P-256: 32 bytes in"
            " base64url, as it stands in vapid_key of a data folder."
        )
    return _in_letters(raw)


def _in_letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _made_once(home: Path, name: str, text: str) -> str:
    file = home / name
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked, so that two first starts agree on one key.
        with tempfile.NamedTemporaryFile(dir=home, mode="w", prefix=".key-") as new:
            new.write(text)
            new.flush()
            with suppress(FileExistsError):
                os.link(new.name, file)
        return file.read_text()
    except OSError as error:
        raise SetupError(
            f"The data folder {home} cannot be used: {error.strerror}."
            " Set NETWORKCRM_HOME to a folder that can be written."
        ) from error


def socket_dir(home: Path) -> Path:
    """Where the embedded server listens: a Unix socket's path has at most 107 bytes."""
    inside = home / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= 100:
        return inside
    digest = sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"networkcrm-{digest}"


def embedded_database(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": "postgres",
        "HOST": str(socket_dir(home)),
        "PORT": "5432",
    }


def database(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """The URL in this variable as an entry of DATABASES. Raises SetupError."""
    wrong = f"{variable} must look like postgres://user:password@host:5432/name"
    scheme = url.partition("://")[0]
    if scheme not in {"postgres", "postgresql"}:
        raise SetupError(f"{wrong}: it begins with {scheme[:20]!r}.")
    try:
        config = environ.Env.db_url_config(url)
    except ValueError as error:
        raise SetupError(f"{wrong}: its port is not a number.") from error
    if not config["NAME"]:
        raise SetupError(f"{wrong}: the name of the database is missing.")
    return dict(config)


def media_storage(backend: str, options: str) -> dict[str, Any]:
    """MEDIA_STORAGE and its options, as JSON, for STORAGES. Raises SetupError."""
    package = backend.partition(".")[0]
    if importlib.util.find_spec(package or "?") is None:
        raise SetupError(
            f"MEDIA_STORAGE is {backend!r}, and there is no package {package!r} here:"
            " install it beside networkcrm."
        )
    try:
        found = json.loads(options or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SetupError(
            "MEDIA_STORAGE_OPTIONS must be a JSON object,"
            ' like {"bucket_name": "networkcrm"}.'
        )
    return {"BACKEND": backend, "OPTIONS": found}


def mailer(url: str) -> dict[str, Any]:
    """EMAIL_URL (smtp://, smtps://, smtp+tls://, consolemail://) for MAILERS."""
    old = environ.Env.email_url_config(url)
    names = {
        "EMAIL_HOST": "host",
        "EMAIL_PORT": "port",
        "EMAIL_HOST_USER": "username",
        "EMAIL_HOST_PASSWORD": "password",
        "EMAIL_USE_TLS": "use_tls",
        "EMAIL_USE_SSL": "use_ssl",
    }
    entry: dict[str, Any] = {"BACKEND": old["EMAIL_BACKEND"]}
    if old["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        options = {names[k]: v for k, v in old.items() if k in names and v}
        entry["OPTIONS"] = options | {"timeout": MAIL_PATIENCE}
    elif old["EMAIL_BACKEND"].endswith("console.EmailBackend"):
        entry["BACKEND"] = "networkcrm.mails.PlainConsole"
    return entry


def logging(*, debug: bool) -> dict[str, Any]:
    level = "INFO" if debug else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"}
        },
        # Django's own default says every task and every request of runserver.
        "loggers": {"django": {"level": level}},
        "root": {"handlers": ["console"], "level": level},
    }
