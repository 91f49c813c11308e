"""What is new at a place, for feed readers: Atom, without an account and without a script."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories import queries as advisories
from thudo.base.clock import now
from thudo.base.context import city_name
from thudo.base.errors import NotFound
from thudo.directory.queries import say
from thudo.notices.queries import nearby, topics
from thudo.notices.rules.kept import topic_of


@gate("page.public")
@require_safe
def atom(request: Request, key: str) -> HttpResponse:  # noqa: ARG001
    """GET /places/<area-...|near-...>.atom"""
    topic = place_at(key)
    at = now()
    city = city_name(get_language() or "")
    address = f"{settings.PUBLIC_URL}/places/{key}.atom"
    feed = Atom1Feed(
        title=f"{topics.words(topic)} · {city}",
        link=f"{settings.PUBLIC_URL}/places/mine",
        description="",
        language=get_language(),
        author_name=city,
        feed_url=address,
        feed_guid=address,
        subtitle=_("What is announced and reported here, and what the city does about it."),
    )
    _announced(feed, topic, at)
    _petitions(feed, topic, at)
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def place_at(key: str) -> str:
    """The topic of an address; raises NotFound for a place that is none."""
    topic = topic_of(key)
    if not topic or not topics.exists(topic):
        raise NotFound(_("There is no such place in the city."))
    return topic


def _announced(feed: Atom1Feed, topic: str, at: datetime) -> None:
    near = advisories.near(area=topics.ward_of(topic), point=topics.point_of(topic), at=at)
    for one in advisories.shown(near, at):
        feed.add_item(
            title=f"{one.kind}: {say(one.row.title)}",
            link=settings.PUBLIC_URL + one.href,
            description=f"{one.word}: {one.when}. {one.place}. {one.row.source_name}.",
            unique_id=f"{settings.PUBLIC_URL}{one.href}",
            pubdate=one.row.published_at,
            updateddate=one.row.revised_at,
        )


def _petitions(feed: Atom1Feed, topic: str, at: datetime) -> None:
    for row in nearby.latest_at(topic, at=at):
        feed.add_item(
            title=f"{row.service}: {row.place}",
            link=settings.PUBLIC_URL + row.href,
            description=f"{row.word}. {row.unit}.",
            unique_id=f"{settings.PUBLIC_URL}{row.href}",
            pubdate=row.filed_at,
            updateddate=row.updated_at,
        )
