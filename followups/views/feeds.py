from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from events.models import Feed
from events.views.feeds import serve
from followups import calendar
from networkcrm.http import HttpRequest


@login_not_required
@require_safe
def feed_followups(request: HttpRequest, token: str) -> HttpResponseBase:
    """What I promised, to whoever has the address."""
    kind = Feed.Kind.FOLLOW_UPS
    return serve(request, token, kind, calendar.seen, calendar.calendar_of)
