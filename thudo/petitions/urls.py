"""What a resident does with his own petition. GET /petitions/, the public list, is operations'."""

from django.urls import path, register_converter

from thudo.petitions.views import filing, follow, following, letters, mine, spot, tracking


class Number:
    """Ten digits."""

    regex = "[0-9]{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Secret(Number):
    """The signs of a secret link (base.identifiers.secret_code)."""

    regex = "[2-9a-hj-km-np-z]{22}"


register_converter(Number, "number")
register_converter(Secret, "secret")

urlpatterns = [
    path("petitions/new", filing.new, name="petition-new"),
    path("petitions/suggestions", filing.suggestions, name="petition-suggestions"),
    path("petitions/announcements", spot.announcements, name="announcements"),
    path("petitions/spot-answers", spot.spot_answers, name="spot-answers"),
    path("petitions/answered", spot.answered, name="answered"),
    path("petitions/mine", mine.mine, name="petitions-mine"),
    path("petitions/mine/forgetting", mine.forgetting, name="petitions-mine-forgetting"),
    path("petitions/find", tracking.find, name="petition-find"),
    path("petitions/<number:number>", tracking.show, name="petition"),
    path("petitions/<number:number>/live", tracking.live, name="petition-live"),
    path("petitions/<number:number>/point.geojson", tracking.point, name="petition-point"),
    path("petitions/<number:number>/files/<uuid:pk>", tracking.attachment, name="petition-file"),
    path(
        "petitions/<number:number>/files/<uuid:pk>/small",
        tracking.attachment,
        {"size": "small"},
        name="petition-file-small",
    ),
    path("petitions/<number:number>/supplements", following.supplements, name="supplements"),
    path("petitions/<number:number>/verdicts", following.verdicts, name="verdicts"),
    path("petitions/<number:number>/withdrawals", following.withdrawals, name="withdrawals"),
    path("petitions/<number:number>/reviews", following.reviews, name="reviews"),
    path("petitions/<number:number>/followers", follow.followers, name="followers"),
    path("petitions/<number:number>/followers/<secret:secret>", follow.page, name="follower"),
    path("petitions/<number:number>/following/words", follow.words, name="follower-words"),
    path("petitions/<number:number>/following/verdicts", follow.verdicts, name="follower-verdicts"),
    path("petitions/<number:number>/following/endings", follow.endings, name="follower-endings"),
    path("petitions/<number:number>/following/files/<uuid:pk>", follow.file, name="follower-file"),
    path(
        "petitions/<number:number>/following/files/<uuid:pk>/small",
        follow.file,
        {"size": "small"},
        name="follower-file-small",
    ),
    path("petitions/<number:number>/<secret:secret>", tracking.secret, name="petition-secret"),
    path(
        "petitions/<number:number>/<secret:secret>/receipt",
        tracking.receipt,
        name="petition-receipt",
    ),
    path(
        "petitions/<number:number>/<secret:secret>/letters/<uuid:pk>",
        letters.letter,
        name="petition-letter",
    ),
    path("petitions/<number:number>/<secret:secret>/qr.svg", tracking.qr, name="petition-qr"),
]
