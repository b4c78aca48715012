from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from networkcrm import accounts, offline, views

# The admin site asks for the second step like everything else.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline, name="offline"),
    path("settings/", views.settings, name="settings"),
    path("accounts/login/", accounts.login, name="account_login"),
    path("undo/<str:token>/", views.undo_spend, name="undo"),
    path("", include("contacts.urls")),
    path("", include("events.urls")),
    path("", include("connections.urls")),
    path("", include("connections.event_urls")),
    path("", include("connections.capture_urls")),
    path("", include("followups.urls")),
    path("", include("followups.give_urls")),
    path("", include("followups.circle_urls")),
    path("", include("followups.reminder_urls")),
    path("", include("connections.card_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
