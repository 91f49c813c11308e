"""From what queries and deeds return to the bodies of the API."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, cast

from django.conf import settings
from django.utils.translation import gettext as _

from thudo.base.folding import clean
from thudo.cases.lifecycle import STATES
from thudo.directory.queries import Area, Service, Unit, directory, say, unit_name
from thudo.files.models import Attachment
from thudo.operations.queries import shown
from thudo.operations.queries.counting import Count
from thudo.operations.queries.listing import Page, Row
from thudo.petitions import rules
from thudo.petitions.queries.public import PublicCase, PublicView
from thudo.standards.v1.mapping import bodies


def filing_of(body: bodies.Filing, *, channel: str, draft_key: str) -> rules.Filing:
    """What the deed of filing takes. Raises ValueError for a phone or an e-mail that is none."""
    contact = rules.Contact(
        clean(body.contact.name),
        rules.clean_phone(body.contact.phone),
        rules.clean_email(clean(body.contact.email)),
    )
    return rules.Filing(
        text=body.text, service=body.service, area=body.area, place=body.place,
        longitude=body.point.lon if body.point else None,
        latitude=body.point.lat if body.point else None,
        files=tuple(body.files), draft_key=draft_key, contact=contact, is_public=body.is_public,
        is_anonymous=body.is_anonymous, is_home=body.is_home, insists=body.insists,
        about_unit=body.about_unit, channel=channel,
        answers={clean(key): clean(value) for key, value in body.answers.items()},
    )  # fmt: skip


def receipt(given: rules.Receipt) -> bodies.Receipt:
    """The answer to a filing, in the language of the request."""
    due = given.intake_due_at
    kind: Literal["intake", "triage"] = "triage" if given.intake_kind == "triage" else "intake"
    return bodies.Receipt(
        number=given.number, secret=given.secret, link=secret_link(given.number, given.secret),
        handling=cast("Any", given.handling), unit=unit(given.unit), post=post(given.post),
        service=service(given.service), urgency=cast("Any", given.urgency), danger=given.danger,
        reason=say(given.reason) if given.reason else "", legal_basis=given.legal_basis,
        first_due=bodies.Due(kind, due) if due else None, promised_at=given.promised_at,
        filed_at=given.filed_at, is_replay=given.is_replay,
    )  # fmt: skip


def secret_link(number: str, secret: str) -> str:
    """The page of a petition that its petitioner opens; the secret is in it."""
    return f"{settings.PUBLIC_URL}/petitions/{number}/{secret}"


def page(found: Page, count: Count) -> bodies.Page:
    """A page of the public list."""
    items = [summary(row) for row in found.rows]
    return bodies.Page(
        items, found.older or None, count.shown, count.private, count_is_least=count.is_least
    )


def summary(row: Row) -> bodies.Summary:
    """One row of the public list."""
    told = shown.one(row)
    return bodies.Summary(
        number=row.number, link=settings.PUBLIC_URL + told.href, service=service(row.service),
        area=area(row.area), place=row.place, unit=unit(row.unit), urgency=row.urgency,
        state=row.state, state_words=told.word, is_late=row.is_late, filed_at=row.filed_at,
        updated_at=row.updated_at, promised_at=row.promised_at, closed_at=row.closed_at,
        petitions=row.petitions, verdict=cast("Any", row.verdict or None),
    )  # fmt: skip


def petition(view: PublicView, at: datetime) -> bodies.Petition:
    """A petition as far as its view tells."""
    return bodies.Petition(
        number=view.number, is_shown=view.is_shown, state=view.state,
        state_words=_state_words(view.state), is_late=view.is_late(at),
        unit=unit(view.unit) if view.unit else None, filed_at=view.filed_at,
        updated_at=view.updated_at, promised_at=view.promised_at, closed_at=view.closed_at,
        service=service(view.service), stream=_stream(view.stream), area=area(view.area),
        place=view.place, text=view.text,
        point=bodies.PublicPoint(view.point.longitude, view.point.latitude, view.point.is_coarse)
        if view.point else None,
        cases=[_work(case) for case in view.cases],
        results=[
            bodies.Result(a.outcome, a.text, a.remaining, a.next_step, a.next_at, unit(a.unit), a.published_at)
            for a in view.answers
        ],
        notes=[
            bodies.Note(n.kind, n.text, unit(n.unit) if n.unit else None, n.at, n.next_step, n.next_at)
            for n in view.notes
        ],
        photos=[
            bodies.Photo(p.purpose, _full(p.url), _full(p.small), p.taken_at) for p in view.photos
        ],
        verdicts=[bodies.Judged(v.value, v.at) for v in view.verdicts],  # type: ignore[arg-type]
    )  # fmt: skip


def stored(row: Attachment, token: str) -> bodies.Stored:
    """A file that was kept."""
    has_point = row.longitude is not None and row.latitude is not None
    return bodies.Stored(
        id=str(row.pk), bytes=row.bytes, media_type=row.media_type, taken_at=row.taken_at,
        point=bodies.Point(row.longitude or 0, row.latitude or 0) if has_point else None,
        client_token=token,
    )  # fmt: skip


def services() -> bodies.Services:
    """The kinds of matter that may be chosen today."""
    rows = (row for row in directory().services.values() if row.valid_to is None)
    return bodies.Services([_service(row) for row in rows])


def areas() -> bodies.Areas:
    """The present wards and communes."""
    return bodies.Areas([area_row(row) for row in directory().wards()])


def units() -> bodies.Units:
    """The present units."""
    rows = (row for row in directory().units.values() if row.valid_to is None)
    return bodies.Units([_unit(row) for row in rows])


def area_row(row: Area) -> bodies.Area:
    """A ward with the committee that governs it."""
    committee = directory().unit_of_area(row.code)
    named = bodies.Named(committee.code, say(committee.name)) if committee else None
    return bodies.Area(row.code, say(row.name), say(row.full_name), row.kind, named)


def unit(code: str) -> bodies.Named:
    """A unit by its code, also one that has ended."""
    return bodies.Named(code, unit_name(code))


def post(code: str) -> bodies.Named | None:
    """A post by its code."""
    row = directory().posts.get(code)
    return bodies.Named(code, say(row.title)) if row else None


def service(code: str) -> bodies.Named | None:
    """A kind of matter by its code; None while nobody has named it."""
    row = directory().services.get(code)
    return bodies.Named(code, say(row.name)) if row else None


def area(code: str) -> bodies.Named | None:
    """A ward by its code; None where the place is not known."""
    row = directory().areas.get(code)
    return bodies.Named(code, say(row.full_name)) if row else None


def _stream(code: str) -> bodies.Named | None:
    row = directory().streams.get(code)
    return bodies.Named(code, say(row.name)) if row else None


def _state_words(state: str) -> str:
    beside = {
        "thanked": _("Thanked and passed on"),
        "answered_directly": _("Answered"),
        "not_taken": _("Not taken"),
    }
    return beside.get(state) or _(STATES[state])


def _work(case: PublicCase) -> bodies.Work:
    return bodies.Work(
        case.label, service(case.service), case.state, unit(case.unit), post(case.post),
        case.urgency, case.opened_at, case.promised_at, case.closed_at,
    )  # fmt: skip


def _service(row: Service) -> bodies.Service:
    group = directory().groups.get(row.group or "")
    stream = directory().streams[row.stream]
    return bodies.Service(
        code=row.code, name=say(row.name), is_admissible=row.is_admissible,
        group=bodies.Named(group.code, say(group.name)) if group else None,
        stream=bodies.Named(stream.code, say(stream.name)), identity=stream.identity,
        is_private_by_default=row.is_private_by_default, questions=list(_questions(row)),
    )  # fmt: skip


def _questions(row: Service) -> Iterable[bodies.Question]:
    for asked in row.questions:
        options = [bodies.Option(o["code"], say(o["text"])) for o in asked.get("options", [])]
        yield bodies.Question(asked["code"], asked["kind"], say(asked["text"]), options)


def _unit(row: Unit) -> bodies.Unit:
    plain = asdict(row)
    names = ("code", "kind", "parent", "area", "phone", "address")
    return bodies.Unit(name=say(row.name), **{name: plain[name] for name in names})


def _full(path: str) -> str:
    return settings.PUBLIC_URL + path if path else ""
