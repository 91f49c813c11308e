"""A film and a spoken word sent over a network that breaks: nothing travels twice, one petition."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.base.keeping import wait_until
from tests.browser import browser
from tests.files.test_films import whole_mp4
from tests.journeys.cable import Cable, page_with_worker
from thudo.files.models import Attachment, Upload
from thudo.files.queries import part_path
from thudo.petitions.models import Petition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILM = whole_mp4(20) + (2_000_000).to_bytes(4, "big") + b"free" + bytes(1_999_992)
SLOW = 250_000  # bytes a second


@pytest.fixture(scope="module")
def microphone() -> Iterator[Browser]:
    """A browser whose microphone plays a tone and needs no leave."""
    with browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as one:
        yield one


@pytest.fixture
def phone(microphone: Browser, cable: Cable) -> Iterator[Page]:
    context = microphone.new_context(
        viewport={"width": 390, "height": 844}, locale="en", service_workers="allow",
        permissions=["microphone"],
    )  # fmt: skip
    yield page_with_worker(context, cable)
    context.close()


def test_a_film_goes_on_where_it_was_and_what_is_said_need_not_be_written(
    phone: Page, cable: Cable
) -> None:
    narrow(phone)
    film = {"name": "hole.mp4", "mimeType": "video/mp4", "buffer": FILM}
    phone.set_input_files("#id_photos", [film])  # type: ignore[arg-type]
    wait_until(lambda: arrived() > 0, "the first piece", 30)
    cable.unplug()
    before = arrived()
    assert before < len(FILM)

    phone.reload()  # without a network: the page comes from the device
    expect(phone.locator(".uploads li")).to_contain_text("hole.mp4")
    asked: list[Request] = []
    phone.on("request", lambda request: asked.append(request))
    cable.plug()
    expect(phone.locator(".uploads li").get_by_text("sent", exact=True)).to_be_visible(
        timeout=40_000
    )

    assert [r for r in asked if r.method == "POST" and r.url.endswith("/files/uploads/")] == []
    pieces = [int(r.headers["upload-offset"]) for r in asked if r.method == "PATCH"]
    assert min(pieces) >= before
    step(phone)
    phone.check("[name=no_place]")
    step(phone)
    say_something(phone)
    step(phone)
    phone.fill("[name=phone]", "0900000001")
    phone.get_by_role("button", name="Send the report").last.click()
    phone.wait_for_url("**/petitions/*/*filed=1")

    petition = Petition.objects.get()
    kept = Attachment.objects.filter(subject_id=str(petition.pk)).order_by("media_type")
    assert [row.media_type for row in kept] == ["audio/webm", "video/mp4"]
    assert Attachment.objects.count() == 2
    assert petition.service == ""  # the desk listens and names it
    assert petition.text.startswith("Phản ánh bằng lời nói")
    expect(phone.locator("main video")).to_have_count(1)
    expect(phone.locator("main audio")).to_have_count(1)


def narrow(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"latency": 20, "downloadThroughput": -1, "uploadThroughput": SLOW}
    line.send("Network.emulateNetworkConditions", {"offline": False, **speed})


def arrived() -> int:
    upload = Upload.objects.first()
    path = part_path(upload.pk) if upload else None
    return path.stat().st_size if path and path.exists() else 0


def step(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def say_something(page: Page) -> None:
    step(page)
    expect(page.get_by_text("Please describe the matter in a few words.")).to_be_visible()
    page.get_by_role("button", name="Record your voice").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-name=sounds] .uploads audio")).to_be_visible()
    expect(page.get_by_text("Please describe the matter in a few words.")).to_be_hidden()
