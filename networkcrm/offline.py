"""The app on a phone: its manifest, its service worker, its page without a signal."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from networkcrm.http import HttpRequest

# What the screens that work offline are made of.
SHELL = (
    "css/app.css",
    "icons/favicon.svg",
    "js/app.js",
    "js/hash.js",
    "js/offline.js",
    "js/capture/codes.js",
    "js/capture/outbox.js",
    "js/capture/page.js",
    "js/capture/picture.js",
    "js/capture/reading.js",
    "js/capture/scan.js",
    "js/capture/touch.js",
    "vendor/htmx/htmx.min.js",
    "vendor/idb/index.js",
    "vendor/qr/decode.js",
    "vendor/qr/index.js",
)
# What the worker itself is made of.
WORKER = ("js/capture/worker.js", "js/notices.js")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """How the app looks on a home screen (https://www.w3.org/TR/appmanifest/)."""
    sizes = {"icon-192": "192x192", "icon-512": "512x512"}
    icons = [_icon(f"icons/{name}.png", size) for name, size in sizes.items()]
    icons += [_icon("icons/maskable-512.png", "512x512", "maskable")]
    capture = reverse("capture")
    return JsonResponse(
        {
            "id": "/",
            "name": "networkcrm",
            "short_name": "networkcrm",
            "description": "Know how you know everyone.",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fcfaf6",
            "theme_color": "#fcfaf6",
            "icons": icons,
            "shortcuts": [
                _shortcut("Capture", capture),
                _shortcut("Today", reverse("today")),
                _shortcut("Search", reverse("search")),
            ],
            "share_target": {
                "action": capture,
                "method": "GET",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        },
        content_type="application/manifest+json",
    )


def _icon(path: str, size: str, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(path),
        "type": "image/png",
        "sizes": size,
        "purpose": purpose,
    }


def _shortcut(name: str, url: str) -> dict[str, object]:
    return {
        "name": name,
        "url": url,
        "icons": [_icon("icons/icon-192.png", "192x192")],
    }


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """A few lines that change with every version of the files they name."""
    worker = static(WORKER[0])
    shell = [static(path) for path in SHELL]
    about = {"version": _version(), "shell": shell}
    about |= {"icon": static("icons/icon-192.png")}
    started = json.dumps(about, indent=2)
    text = f'import {{ start }} from "{worker}";\n\nstart({started});\n'
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


def _version() -> str:
    # Where names carry no hash of what is in them, files change under their names.
    by_name = not settings.DEBUG and not settings.TESTING
    return _version_of_names() if by_name else _version_of_files()


@cache
def _version_of_names() -> str:
    names = [static(path) for path in (*SHELL, *WORKER)]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def _version_of_files() -> str:
    found = [finders.find(path) for path in (*SHELL, *WORKER)]
    hashed = hashlib.sha256()
    for path in found:
        hashed.update(Path(str(path)).read_bytes() if path else b"")
    return hashed.hexdigest()[:12]


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Stands for every page that a phone without a signal does not have."""
    return render(request, "networkcrm/offline.html")
