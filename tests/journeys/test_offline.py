"""A report written where no network is: kept with its photos, sent once, told to its writer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.cable import Cable, page_with_worker
from tests.petitions.conftest import HOLE, jpeg
from thudo.files.models import Attachment
from thudo.petitions.models import Petition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser, cable: Cable) -> Iterator[Page]:
    """A phone that was on the filing page once, with a network."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="en", service_workers="allow"
    )
    yield page_with_worker(context, cable)
    context.close()


def write(page: Page) -> None:
    """All four sheets, with a photo, and the press of the button."""
    picture = {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.set_input_files("#id_photos", [picture])  # type: ignore[arg-type]
    page.wait_for_selector(".uploads li")
    page.get_by_role("button", name="Continue").click()
    page.fill("#id_place", "before the school")
    page.get_by_role("button", name="Continue").click()
    page.fill("textarea[name=text]", HOLE)
    page.get_by_role("button", name="Continue").click()
    page.fill("[name=phone]", "0900000001")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send the report").click()


def test_it_is_kept_with_its_photo_and_sent_once_when_the_network_returns(
    phone: Page, cable: Cable
) -> None:
    cable.unplug()
    write(phone)
    send(phone)
    expect(phone.get_by_text("Kept on this device")).to_be_visible()
    assert not Petition.objects.exists()

    phone.reload()  # without a network: the page comes from the device
    expect(phone.locator("outbox-list")).to_contain_text("waits on this device")
    cable.plug()
    phone.get_by_role("button", name="Send now").click()

    expect(phone.locator("outbox-list")).to_contain_text("Your report was sent", timeout=15_000)
    (petition,) = Petition.objects.all()
    assert petition.text == HOLE
    assert Attachment.objects.get().subject_id == str(petition.pk)
    phone.get_by_role("link", name="Open").click()
    expect(phone.locator("main")).to_contain_text(" ".join(_pairs(petition.number)))


def test_the_page_that_waited_says_so_no_longer_than_it_waits(phone: Page, cable: Cable) -> None:
    cable.unplug()
    write(phone)
    send(phone)
    expect(phone.get_by_text("There is no network now")).to_be_visible()

    cable.plug()
    phone.get_by_role("button", name="Send now").click()

    expect(phone.locator("outbox-list")).to_contain_text("Your report was sent")
    expect(phone.get_by_text("There is no network now")).to_have_count(0)


def test_a_page_that_needs_the_network_says_what_still_works(phone: Page, cable: Cable) -> None:
    cable.unplug()

    phone.goto(f"{cable.url}/petitions/find")

    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name="Send a report").click()
    expect(phone.get_by_role("heading", name="Send a report")).to_be_visible()


def test_a_photo_that_had_not_arrived_survives_a_reload(phone: Page, cable: Cable) -> None:
    cable.unplug()
    picture = {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    phone.set_input_files("#id_photos", [picture])  # type: ignore[arg-type]
    expect(phone.locator(".uploads li")).to_contain_text("could not be sent")

    phone.reload()
    expect(phone.locator(".uploads li")).to_contain_text("hole.jpg")
    cable.plug()

    # It goes on by itself.
    expect(phone.locator(".uploads li").get_by_text("sent", exact=True)).to_be_visible(
        timeout=30_000
    )
    assert Attachment.objects.count() == 1


def test_what_the_city_cannot_take_as_it_is_comes_back_to_be_completed(
    phone: Page, cable: Cable
) -> None:
    cable.unplug()
    write(phone)
    phone.fill("[name=phone]", "")
    send(phone)
    expect(phone.get_by_text("Kept on this device")).to_be_visible()
    cable.plug()
    phone.goto(f"{cable.url}/petitions/new")

    phone.get_by_role("button", name="Complete it").click(timeout=15_000)

    expect(phone.locator("textarea[name=text]")).to_have_value(HOLE)
    assert not Petition.objects.exists()


def test_the_site_can_be_installed_as_an_app(cable: Cable, phone: Page) -> None:
    found = phone.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")

    assert {"name", "short_name", "start_url", "display", "icons"} <= found.keys()
    for icon in found["icons"]:
        size = phone.evaluate(
            "(src) => fetch(src).then((a) => a.blob()).then(createImageBitmap)"
            ".then((i) => `${i.width}x${i.height}`)",
            icon["src"],
        )
        assert size == icon["sizes"]


def _pairs(number: str) -> list[str]:
    return [number[at : at + 2] for at in range(0, 10, 2)]
