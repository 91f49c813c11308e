"""Citizen reception: what anybody sees and books, and the desk that receives."""

from django.urls import path

from thudo.reception.views import booking, desk, feeds, public

app_name = "reception"
_BOOKING = "bookings/<int:number>"

urlpatterns = [
    path("", public.city, name="city"),
    path("days.ics", feeds.calendar, name="calendar"),
    path("days.atom", feeds.atom, name="feed"),
    path("units/<str:unit>", public.unit, name="unit"),
    path("units/<str:unit>/days.ics", feeds.calendar, name="unit-calendar"),
    path("units/<str:unit>/days.atom", feeds.atom, name="unit-feed"),
    path("units/<str:unit>/days", desk.openings, name="openings"),
    path("days/<uuid:pk>", booking.day, name="day"),
    path("days/<uuid:pk>/bookings", booking.bookings, name="bookings"),
    path("days/<uuid:pk>/call-offs", desk.call_offs, name="call-offs"),
    path("days/<uuid:pk>/identity-views", desk.day_views, name="day-views"),
    path(f"{_BOOKING}/moves", booking.moves, name="moves"),
    path(f"{_BOOKING}/cancellations", booking.cancellations, name="cancellations"),
    path(f"{_BOOKING}/calendar.ics", booking.calendar, name="booking-calendar"),
    path(f"{_BOOKING}/<str:secret>", booking.secret, name="booking-secret"),
    path(_BOOKING, booking.show, name="booking"),
    path("desk", desk.desk, name="desk"),
    path("desk/days/<uuid:pk>", desk.day, name="desk-day"),
    path("desk/bookings/<int:number>", desk.sheet, name="desk-booking"),
    path("desk/bookings/<int:number>/identity-views", desk.views, name="identity-views"),
    path("desk/bookings/<int:number>/arrivals", desk.arrivals, name="arrivals"),
    path("desk/bookings/<int:number>/absences", desk.absences, name="absences"),
    path("desk/bookings/<int:number>/results", desk.results, name="results"),
    path("desk/bookings/<int:number>/petitions", desk.petitions, name="petitions"),
]
