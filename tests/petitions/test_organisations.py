"""A business files as an organisation: its tax code, its dossier, what it may not ask here, its letters."""

from typing import Any

import pytest
from django.test import Client

from tests import town
from thudo.accounts.models import User
from thudo.accounts.rules import RESIDENT, Actor
from thudo.cases.actions import accept_case, answer_case
from thudo.cases.actions.answer import Claim
from thudo.cases.models import Case
from thudo.directory.models import PackVersion
from thudo.journal.models import Entry
from thudo.journal.queries import entries_about
from thudo.journal.rules import JournalEntry
from thudo.petitions.actions import file_petition, read_identity
from thudo.petitions.followers import issue_letters
from thudo.petitions.models import Letter, LetterNumber, Petition, Petitioner
from thudo.petitions.queries.letters import paper_of
from thudo.petitions.queries.organisations import asked_of, guide_for
from thudo.petitions.rules import Contact, Filing, Organisation, tax_code_gap

SCHEME = {
    "weights": [31, 29, 23, 19, 17, 13, 7, 5, 3], "modulus": 11, "minuend": 10, "checked": 10,
    "branches": [13], "unchecked": [12],
}  # fmt: skip
RULES: dict[str, Any] = {
    "tax_code": SCHEME,
    "dossier": {"pattern": "[A-Z0-9][A-Z0-9./-]{4,39}", "refused": "[0-9]{12}"},
    "requests": [
        {"code": "delay", "label": {"vi": "Báo chậm", "en": "Delay"}, "handling": "case",
         "service": "noise", "needs_dossier": True},
        {"code": "complaint", "label": {"vi": "Khiếu nại", "en": "Complaint"}, "handling": "refuse",
         "service": "complaint_denunciation",
         "guide": {"office": {"vi": "Nơi kia", "en": "There"}, "legal_basis": "Town rule 5",
                   "how": [{"vi": "Viết đơn", "en": "Write"}]}},
    ],
}  # fmt: skip
LETTERS = {
    "legal_basis": "Town rule 6", "country": "Town", "motto": "Peace", "place": "Town",
    "symbols": {"": "T", "ward_committee": "W"}, "under_parent": [],
}  # fmt: skip
BODY = Organisation(
    "Công ty Minh Họa", "0100047516", "Nguyễn Minh Họa", "Giám đốc", "delay", "H1-22"
)


@pytest.fixture
def city(db: None) -> None:
    town.build()
    PackVersion.objects.update(city={**town.CITY, "organisations": RULES, "letters": LETTERS})
    town.forget()


def file(body: Organisation = BODY, **more: Any) -> Petition:
    filing = Filing(
        text="Our dossier waits since the spring.", service="noise", area="w1", organisation=body,
        contact=Contact(body.representative, "0900000001"), is_public=False, **more,
    )  # fmt: skip
    receipt = file_petition(filing, actor=RESIDENT, at=town.MONDAY)
    return Petition.objects.get(number=receipt.number)


@pytest.mark.parametrize(
    ("code", "gap"),
    [("0100047516", ""), ("0100047516001", ""), ("001087123456", ""), ("0100047517", "check"),
     ("0100047561", "check"), ("010004751", "length"), ("01000475160", "length"), ("", "digits"),
     ("01000475l6", "digits"), ("٠١٠٠٠٤٧٥١٦", "digits")],
)  # fmt: skip
def test_a_tax_code_is_judged_by_its_check_digit(code: str, gap: str) -> None:
    assert tax_code_gap(code, SCHEME) == gap


def test_every_single_slip_of_a_digit_is_caught() -> None:
    code = "0100047516"
    slips = (
        code[:i] + str(d) + code[i + 1 :] for i in range(10) for d in range(10) if code[i] != str(d)
    )
    assert all(tax_code_gap(slip, SCHEME) == "check" for slip in slips)


def test_the_body_is_sealed_and_its_dossier_goes_with_the_case(city: None) -> None:
    petition = file(answers={"organisation_request": "delay", "dossier": "H1-22"})

    identity = read_identity(petition, purpose="verify", actor=town.CAST.intake, at=town.MONDAY)
    assert identity.organisation == BODY
    assert Petitioner.objects.get(petition=petition).kind == "organisation"
    asked = asked_of(petition)
    assert asked is not None
    assert asked.dossier == "H1-22"
    bodies = b" ".join(bytes(row.body) for row in Entry.objects.all()).decode()
    assert not any(word in bodies for word in ("0100047516", "H1-22", "Minh H"))


def test_a_formal_complaint_is_not_taken_and_says_where_to(city: None) -> None:
    body = Organisation("Công ty", "0100047516", "Họa", request="complaint")

    petition = file(body)

    assert (petition.handling, petition.refusal) == ("refused", "complaint_denunciation")
    guide = guide_for(petition.service)
    assert guide is not None
    assert guide.legal_basis == "Town rule 5"
    assert not Case.objects.exists()


def test_a_persons_request_is_reckoned_as_before_there_were_organisations() -> None:
    filing = Filing(text="The lamp at the gate is out.")

    values = [getattr(filing, n) for n in filing.__slots__
              if n not in {"file_digests", "verification", "is_spoken", "organisation"}]  # fmt: skip
    import hashlib

    assert filing.digest() == hashlib.sha256(repr(values).encode()).digest()


def _signer() -> Actor:
    user = User.objects.create(
        username="an", display_name="Minh Họa An", password="!", is_invented=True
    )
    return Actor(
        f"user:{user.pk}", frozenset({"handler"}), frozenset({"ward-1"}), post="ward-1/handler"
    )


def _told(petition: Petition) -> list[JournalEntry]:
    case = Case.objects.get(links__petition=petition)
    told = entries_about("case", str(case.pk))
    return [
        e for e in told if e.action in {"case.accepted", "case.answered", "case.answer_approved"}
    ]


def test_the_letters_carry_number_day_and_who_decided(city: None) -> None:
    petition, signer = file(), _signer()
    PackVersion.objects.update(
        city={
            **town.CITY,
            "organisations": RULES,
            "letters": LETTERS,
            "checking": {"share": 0.0},
            "area_unit_kinds": ["ward_committee"],
        }
    )
    town.forget()
    case = Case.objects.get(links__petition=petition)
    accept_case(case, actor=signer, at=town.MONDAY)
    claim = Claim("answered", "The dossier is signed and can be fetched.", remaining="Fetch it",
                  next_step="Hand over", next_at=town.MONDAY)  # fmt: skip
    answer_case(case, claim, draw=0.9, actor=signer, at=town.MONDAY)

    issue_letters(_told(petition))
    issue_letters(_told(petition))

    first, second = Letter.objects.order_by("number")
    assert [(one.kind, one.number, one.symbol, one.signatory) for one in (first, second)] == [
        ("acknowledgement", 1, "W", "Minh Họa An"), ("answer", 2, "W", "Minh Họa An"),
    ]  # fmt: skip
    assert first.promised_at == case.promised_at
    assert first.is_invented
    paper = paper_of(second)
    assert paper.answer is not None
    assert (paper.place, paper.unit) == ("w1", "ward-1")
    assert LetterNumber.objects.get().last == 2


def test_a_person_gets_no_letter(city: None) -> None:
    filing = Filing(
        text="Loud music every night.",
        service="noise",
        area="w1",
        contact=Contact("A", "0900000000"),
    )
    petition = Petition.objects.get(
        number=file_petition(filing, actor=RESIDENT, at=town.MONDAY).number
    )
    accept_case(Case.objects.get(links__petition=petition), actor=_signer(), at=town.MONDAY)

    issue_letters(_told(petition))

    assert not Letter.objects.exists()


def _form(**more: str) -> dict[str, str]:
    return {
        "text": "Our dossier waits since the spring.", "phone": "0900000001",
        "as_organisation": "on", "request_kind": "delay", "organisation_name": "Công ty Minh Họa",
        "tax_code": "0100 047 516", "representative": "Nguyễn Minh Họa", "dossier": "h1-22.x", **more,
    }  # fmt: skip


def test_the_page_files_for_an_organisation_without_a_script(city: None, client: Client) -> None:
    answer = client.post("/petitions/", _form())

    assert answer.status_code == 302, answer.content.decode()
    petition = Petition.objects.get()
    assert (petition.is_public, petition.service, petition.answers["dossier"]) == (
        False, "noise", "H1-22.X",
    )  # fmt: skip
    assert "H1-22.X" not in Client().get(f"/petitions/{petition.number}").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("tax_code", "0100047517"), ("tax_code", ""), ("organisation_name", ""), ("representative", ""),
     ("dossier", ""), ("dossier", "001087123456"), ("dossier", "x y<z>"), ("request_kind", "nothing")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_all_is_kept(
    city: None, client: Client, field: str, value: str
) -> None:
    answer = client.post("/petitions/", _form(**{field: value}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Our dossier waits" in page
    assert 'id="id_as_organisation" checked' in page
    assert not Petition.objects.exists()


def test_the_letter_opens_by_the_secret_link_alone(city: None, client: Client) -> None:
    client.post("/petitions/", _form(lon="105.05", lat="21.05", place="The square"))
    petition = Petition.objects.get()
    accept_case(Case.objects.get(links__petition=petition), actor=_signer(), at=town.MONDAY)
    issue_letters(_told(petition))
    letter = Letter.objects.get()
    link = client.get(f"/petitions/{petition.number}").context["link"]

    page = client.get(f"{link}/letters/{letter.pk}").content.decode()

    assert "Công ty Minh Họa" in page
    assert "1/W" in page
    wrong = f"/petitions/{petition.number}/{'z' * 22}/letters/{letter.pk}"
    assert Client().get(wrong).status_code == 404
