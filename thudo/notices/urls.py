"""Addresses of notices, and of the places that a device keeps."""

from django.urls import path

from thudo.notices.views import feeds, places, push

app_name = "notices"
urlpatterns = [
    path("notices/key", push.key, name="key"),
    path("notices/follows", push.follows, name="follows"),
    path("notices/follows/endings", push.endings, name="endings"),
    path("notices/lookups", push.lookups, name="lookups"),
    path("notices/moves", push.moves, name="moves"),
    path("notices/stops/<str:token>", push.stop, name="stop"),
    path("places/mine", places.mine, name="mine"),
    path("places/mine/forgetting", places.forgetting, name="forgetting"),
    path("places/<str:key>.atom", feeds.atom, name="feed"),
]
