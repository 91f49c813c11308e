"""The intake desk: the unsure named, merged, split, hidden; identities looked at; callers' filings."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.desks.conftest import SignIn
from tests.desks.pages import do, text_of
from tests.town import TOWN_SQUARE, forget
from thudo.accounts.rules import RESIDENT
from thudo.cases.models import Case
from thudo.directory.models import Service
from thudo.journal.models import Entry
from thudo.petitions.actions import file_petition
from thudo.petitions.models import Petition
from thudo.petitions.queries import screening
from thudo.petitions.rules import Contact, Filing
from thudo.routing.rules.classification import Classification

WHO = Contact("Trần Thị Bưởi", "0900000123", "buoi@example.org")
UNSURE = Classification(
    None, 0.4, (("road_damage", 0.4), ("noise", 0.3), ("flooding", 0.1)), "normal", (),
    danger=False, numbers=(), kind_not_taken=None, kind_confidence=0.0,
    words=(("hole", 1.2),), model_version="test",
)  # fmt: skip


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of petitions abstains, so that the desk has something to decide."""
    monkeypatch.setattr(screening, "classify", lambda _text: UNSURE)


def filed(at: datetime, service: str = "", text: str = "Something is wrong here.") -> Case:
    longitude, latitude = TOWN_SQUARE
    filing = Filing(
        text=text, service=service, longitude=longitude, latitude=latitude, place="Town square",
        contact=WHO,
    )  # fmt: skip
    receipt = file_petition(filing, actor=RESIDENT, at=at)
    return Case.objects.get(pk=receipt.case)


def number_of(case: Case) -> str:
    return str(case.numbers[0])


def test_the_desk_shows_proposals_with_the_unit_each_would_go_to(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case = filed(morning)
    giang = signed_in("giang")
    assert "Town square" in text_of(giang.get("/intake/"))

    page = text_of(giang.get(f"/intake/{case.pk}"))

    assert "road_damage ward-1 40 %" in page
    assert "flooding drainage 10 %" in page
    assert "hole" in page


def test_naming_the_kind_hands_it_to_the_unit_of_the_table(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case = filed(morning)

    answer = do(signed_in("giang"), case, "triages", service="flooding", urgency="normal")

    case.refresh_from_db()
    assert answer.headers["Location"] == "/intake/?done=triaged"
    assert (case.unit, case.service) == ("drainage", "flooding")


def test_a_gap_of_the_table_asks_for_a_unit(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    from thudo.routing import queries
    from thudo.routing.models import Authority

    case = filed(morning)
    Authority.objects.filter(service="noise").delete()
    queries.forget()
    giang = signed_in("giang")

    refused = do(giang, case, "triages", service="noise", urgency="normal")
    assert refused.status_code == 422
    assert "Choose one." in text_of(refused)

    do(giang, case, "triages", service="noise", urgency="normal", unit="ward-2")
    case.refresh_from_db()
    assert case.unit == "ward-2"


def test_nothing_chosen_is_said_beside_the_form(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    answer = do(signed_in("giang"), filed(morning), "triages", urgency="normal")

    assert answer.status_code == 422
    assert "Choose a kind of matter." in text_of(answer)


def test_the_same_matter_goes_on_in_one_case(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    first, second = filed(morning, "road_damage"), filed(morning)
    giang = signed_in("giang")
    assert str(first.pk) in giang.get(f"/intake/{second.pk}").content.decode()

    answer = giang.post(f"/cases/{second.pk}/merges", {"into": str(first.pk)})

    first.refresh_from_db()
    second.refresh_from_db()
    assert answer.headers["Location"] == "/intake/?done=merged"
    assert second.state == "merged"
    assert set(first.numbers) == {number_of(first), number_of(second)}


def test_a_guess_below_the_pack_s_confidence_is_not_chosen_beforehand(
    small_town: object, morning: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    giang, unsure = signed_in("giang"), filed(morning)
    page = giang.get(f"/intake/{unsure.pk}")
    assert [one.is_sure for one in page.context["proposals"]] == [False, False, False]
    assert 'name="service" value="road_damage" data-key="1">' in page.content.decode()

    Petition.objects.update(classification={**UNSURE.as_data(), "proposed": "noise"})

    first = giang.get(f"/intake/{unsure.pk}").context["proposals"][0]
    assert (first.service, first.percent, first.is_sure) == ("noise", 30, True)


def test_kinds_that_are_not_taken_are_choices_where_one_is_suspected_or_insisted_on(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case, giang = filed(morning), signed_in("giang")
    path, choice = f"/intake/{case.pk}", f"/cases/{case.pk}/refusals?kind=complaint_denunciation"
    assert choice not in giang.get(path).content.decode()

    Petition.objects.update(classification={"kind_not_taken": "complaint_denunciation"})
    assert choice in giang.get(path).content.decode()
    Petition.objects.update(classification={}, refusal="complaint_denunciation")
    assert choice in giang.get(path).content.decode()

    Service.objects.filter(code="complaint_denunciation").update(reason={"en": "By another law."})
    forget()
    assert "By another law." in text_of(giang.get(choice))


def candidates(client: Client, case: Case) -> list[Case]:
    """What the desk is asked to merge a case into."""
    return [one.row.case for one in client.get(f"/intake/{case.pk}").context["candidates"]]


def test_only_what_may_be_the_same_matter_is_offered_to_merge_into(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    giang = signed_in("giang")
    filed(morning, "flooding", "The drain at the market smells since Tuesday.")
    case = filed(morning, text="Two pigs run about between the stalls.")
    assert candidates(giang, case) == []

    copied = filed(morning, "noise", "Two pigs run about between the stalls!")
    assert candidates(giang, case) == [copied]


@pytest.mark.parametrize(
    ("metres_east", "days_ago", "is_offered"), [(100, 3, True), (400, 3, False), (100, 40, False)]
)
def test_the_same_service_is_offered_near_and_recent(
    small_town: object,
    morning: datetime,
    signed_in: SignIn,
    metres_east: int,
    days_ago: int,
    is_offered: bool,
) -> None:
    other = filed(morning, "road_damage", "The kerb has sunk in front of the bakery.")
    case = filed(morning, text="Asphalt is breaking open at the corner.")
    Case.objects.filter(pk=case.pk).update(service="road_damage")
    Case.objects.filter(pk=other.pk).update(
        longitude=TOWN_SQUARE[0] + metres_east / 104_000,
        opened_at=morning - timedelta(days=days_ago),
    )

    assert (other in candidates(signed_in("giang"), case)) == is_offered


def test_a_second_matter_becomes_a_case(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case = filed(morning)
    typed = {"service": "noise", "urgency": "normal", "text": "And it is loud all night."}

    answer = signed_in("giang").post(f"/petitions/{number_of(case)}/splits", typed)

    assert answer.status_code == 302
    assert Case.objects.get(label=f"{number_of(case)}/2").unit == "ward-1"


def test_hiding_needs_a_reason_and_can_be_undone(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case = filed(morning)
    giang, path = signed_in("giang"), f"/petitions/{number_of(case)}"
    assert giang.post(f"{path}/hidings", {"text": ""}).status_code == 422

    giang.post(f"{path}/hidings", {"text": "It names a neighbour."})
    assert Petition.objects.get().is_hidden

    giang.post(f"{path}/showings")
    assert not Petition.objects.get().is_hidden


def test_an_identity_is_shown_once_with_its_purpose_journalled(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    case = filed(morning)
    path = f"/petitions/{number_of(case)}/identity-views"
    giang = signed_in("giang")
    assert giang.post(path, {"purpose": ""}).status_code == 422
    assert giang.get(path).status_code == 405

    page = giang.post(path, {"purpose": "call_back"})

    assert WHO.phone in text_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    entry = Entry.objects.get(action="petition.identity_read")
    assert b"call_back" in bytes(entry.body)


@pytest.mark.parametrize("name", ["an", "binh", "chi", "khoa"])
def test_handlers_and_leaders_never_see_who_filed(
    small_town: object, morning: datetime, signed_in: SignIn, name: str
) -> None:
    case = filed(morning, "road_damage")
    person = signed_in(name)

    answer = person.post(f"/petitions/{number_of(case)}/identity-views", {"purpose": "call_back"})
    assert answer.status_code in {403, 404}
    pages = (
        "/cases/",
        "/cases/?tab=unit",
        f"/cases/{case.pk}",
        f"/cases/{case.pk}/notes",
        "/cases/loads",
    )
    for path in pages:
        words = person.get(path).content.decode()
        for secret in (WHO.name, WHO.phone, WHO.email):
            assert secret not in words, path


@pytest.mark.parametrize("name", ["an", "ha", "khoa"])
def test_the_desk_is_the_desk_s_alone(
    small_town: object, morning: datetime, signed_in: SignIn, name: str
) -> None:
    case = filed(morning)
    person, number = signed_in(name), number_of(case)

    assert person.get("/intake/").status_code == 403
    assert person.get("/intake/petitions/new").status_code == 403
    typed = {"seen": case.version, "service": "noise", "urgency": "normal"}
    assert person.post(f"/cases/{case.pk}/triages", typed).status_code in {403, 404}
    assert person.post(
        f"/petitions/{number}/splits", typed | {"text": "Another matter."}
    ).status_code in {403, 404}


def test_a_stranger_is_led_to_the_sign_in_page(
    small_town: object, morning: datetime, client: Client
) -> None:
    number = number_of(filed(morning))

    for noun in ("splits", "hidings", "showings", "identity-views"):
        answer = client.post(f"/petitions/{number}/{noun}")
        assert answer.headers["Location"].startswith("/sign-in"), noun


def test_a_caller_s_petition_is_filed_and_read_out(
    small_town: object, morning: datetime, signed_in: SignIn
) -> None:
    typed = {
        "channel": "phone", "text": "The lamp post leans over the road.", "place": "High Street",
        "area": "w1", "service": "road_damage", "phone": WHO.phone,
    }  # fmt: skip

    answer = signed_in("giang").post("/intake/petitions", typed)

    petition = Petition.objects.get()
    assert answer.status_code == 201
    assert (petition.channel, petition.filed_by[:5]) == ("phone", "user:")
    assert "ward-1" in text_of(answer)


def test_what_a_caller_s_petition_lacks_is_said_beside_its_field(
    small_town: object, signed_in: SignIn
) -> None:
    typed = {"channel": "phone", "text": "Leaning lamp post.", "area": "w1"}

    answer = signed_in("giang").post("/intake/petitions", typed)

    assert answer.status_code == 422
    assert "Leaning lamp post." in text_of(answer)
