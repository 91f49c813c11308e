"""The staff's desks. Addresses are nouns; a deed on a case is POST /cases/<id>/<noun>."""

from django.urls import path

from thudo.desks.views import batches, case, checks, deeds, desk, intake, letters
from thudo.desks.views.phone import call, callbacks, hearing, sheets, verdicts

app_name = "desks"
_CASE = "cases/<uuid:pk>"

urlpatterns = [
    path("cases/", desk.desk, name="desk"),
    path("cases/numbers", desk.numbers, name="numbers"),
    path("cases/loads", desk.loads, name="loads"),
    path("cases/batches/new", batches.new_batch, name="new-batch"),
    path("cases/batches", batches.batches, name="batches"),
    path("reports/", desk.reports, name="reports"),
    path("reports/<int:pk>/sightings", desk.sightings, name="sightings"),
    path(_CASE, case.case, name="case"),
    path(f"{_CASE}/place.geojson", case.place, name="place"),
    path(f"{_CASE}/files/<uuid:file_pk>", case.file, name="file"),
    path(f"{_CASE}/files/<uuid:file_pk>/small", case.file, {"size": "small"}, name="file-small"),
    path(f"{_CASE}/acknowledgements", deeds.acknowledgements, name="acknowledgements"),
    path(f"{_CASE}/acceptances", deeds.acceptances, name="acceptances"),
    path(f"{_CASE}/beginnings", deeds.beginnings, name="beginnings"),
    path(f"{_CASE}/notes", deeds.notes, name="notes"),
    path(f"{_CASE}/questions", deeds.questions, name="questions"),
    path(f"{_CASE}/transfers", deeds.transfers, name="transfers"),
    path(f"{_CASE}/arbitrations", deeds.arbitrations, name="arbitrations"),
    path(f"{_CASE}/extensions", deeds.extensions, name="extensions"),
    path(f"{_CASE}/assignments", deeds.assignments, name="assignments"),
    path(f"{_CASE}/answers", deeds.answers, name="answers"),
    path(f"{_CASE}/refusals", deeds.refusals, name="refusals"),
    path(f"{_CASE}/conclusions", deeds.conclusions, name="conclusions"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<uuid:pk>", checks.check, name="check"),
    path(f"{_CASE}/approvals", checks.approvals, name="approvals"),
    path(f"{_CASE}/returns", checks.returns, name="returns"),
    path("intake/", intake.intake, name="intake"),
    path("intake/petitions/new", intake.new_filing, name="new-filing"),
    path("intake/petitions", intake.filings, name="filings"),
    path("intake/<uuid:pk>", intake.triage, name="triage"),
    path(f"{_CASE}/triages", intake.triages, name="triages"),
    path(f"{_CASE}/merges", intake.merges, name="merges"),
    path("petitions/<str:number>/splits", letters.splits, name="splits"),
    path("petitions/<str:number>/hidings", letters.hidings, name="hidings"),
    path("petitions/<str:number>/showings", letters.showings, name="showings"),
    path("petitions/<str:number>/identity-views", letters.identity_views, name="identity-views"),
    path("phone/", call.desk, name="phone"),
    path("phone/suggestions", hearing.suggestions, name="phone-suggestions"),
    path("phone/petitions", call.petitions, name="phone-petitions"),
    path("phone/voices", call.voices, name="phone-voices"),
    path("phone/answers", call.answers, name="phone-answers"),
    path("phone/verdicts", verdicts.verdicts, name="phone-verdicts"),
    path("phone/verdicts/<uuid:pk>/checks", verdicts.checks, name="phone-checks"),
    path("phone/callbacks", callbacks.callbacks, name="callbacks"),
    path("phone/callbacks/<uuid:pk>/takings", callbacks.takings, name="callback-takings"),
    path("phone/callbacks/<uuid:pk>/attempts", callbacks.attempts, name="callback-attempts"),
    path("phone/callbacks/<uuid:pk>/releases", callbacks.releases, name="callback-releases"),
    path("phone/callbacks/<uuid:pk>/endings", callbacks.endings, name="callback-endings"),
    path("phone/paper", sheets.paper, name="phone-paper"),
    path("phone/sheets", sheets.sheets, name="phone-sheets"),
    path("phone/sheets/empty.csv", sheets.empty, name="phone-sheet"),
]
