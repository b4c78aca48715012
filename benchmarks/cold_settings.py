"""The application's own settings, where each answer is the first since a change."""

from networkcrm.settings import *  # noqa: F403
from networkcrm.settings import MIDDLEWARE

MIDDLEWARE = ["benchmarks.cold.forgetting", *MIDDLEWARE]
