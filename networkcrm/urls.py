from django.contrib import admin
from django.urls import include, path

from networkcrm import views

urlpatterns = [
    path("", views.today, name="today"),
    path("settings/", views.settings, name="settings"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
