"""Addresses of the doors."""

from django.urls import path

from thudo.channels.views import app, doors, webhooks

app_name = "channels"
urlpatterns = [
    path("channels", doors.doors, name="doors"),
    path("channels/zalo/events", webhooks.zalo_events, name="zalo"),
    path("channels/sms/messages", webhooks.sms_messages, name="sms"),
    path("channels/<slug:door>/retries", doors.retries, name="retries"),
    path("app", app.opened, name="app"),
    path("app/sign-in", app.sign_in, name="app-sign-in"),
    path("app/callback", app.callback, name="app-callback"),
    path("app/sign-outs", app.sign_out, name="app-sign-out"),
    path("app/petitions/<str:code>", app.petition, name="app-petition"),
]
