"""The application's own settings, with nothing between the server and the view."""

from networkcrm.settings import *  # noqa: F403
from networkcrm.settings import INSTALLED_APPS

# allauth insists on its middleware.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.floor"
