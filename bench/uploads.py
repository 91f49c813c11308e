"""Filing with a 3 MB photo beside the same filing without one; and all of it over a thin network.

    bin/bench uploads --url http://localhost:8000 [--rounds 15] [--narrow 3]

Needs a running server (bin/up). Server: rounds are interleaved (without, with, without ...), one
request after another over one connection; "with" is the upload (tus, one request of 3 MB) and then
the form; the ratio is taken within each round. Thin network: Chromium at 50 kB/s each way and
400 ms (Network.emulateNetworkConditions), a phone's screen, nothing kept from before: until the filing page can
be used, and from the press of "send" and the choice of the photo until the receipt stands there.
"""

import argparse
import base64
import http.client
import io
import os
import random
import re
import statistics
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from PIL import Image

TEXT = "Mặt đường trước cổng chợ có ổ gà rộng gần một mét, xe máy dễ ngã."
SPEED, LATENCY = 50_000, 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--narrow", type=int, default=3)
    args = parser.parse_args()
    content = photo()
    print(f"photo {len(content) / 1e6:.2f} MB, load average {os.getloadavg()[0]:.1f}")
    on_the_server(args.url, args.rounds, content)
    over_a_thin_network(args.url, args.narrow, content)


def photo() -> bytes:
    """4,000 x 3,000 pixels with the detail of a phone's picture: about 3 MB."""
    dice = random.Random(7)
    coarse = Image.frombytes("RGB", (160, 120), dice.randbytes(160 * 120 * 3))
    smooth = coarse.resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((4000, 3000), 40).convert("RGB")
    out = io.BytesIO()
    Image.blend(smooth, grain, 0.16).save(out, "JPEG", quality=85)
    return out.getvalue()


class Browser:
    """What a browser keeps between requests: one connection, cookies."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.line = http.client.HTTPConnection(place.hostname or "", place.port)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> tuple[int, str]:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _eq, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def file(self, content: bytes | None) -> None:
        ids = [self.upload(content)] if content else []
        form = {"text": TEXT, "no_place": "on", "phone": "0900000001", "step": "sent", "files": ids,
                "csrfmiddlewaretoken": self.cookies["csrftoken"]}  # fmt: skip
        body = urlencode(form, doseq=True).encode()
        kind = "application/x-www-form-urlencoded"
        key = str(uuid4())
        status, text = self.ask("POST", "/petitions/", body, Content_Type=kind, Idempotency_Key=key)
        assert status == 302, (status, text[:300])

    def upload(self, content: bytes) -> str:
        pk = str(uuid4())
        given = f"id {base64.b64encode(pk.encode()).decode()}"
        status, text = self.ask(
            "POST", "/files/uploads/", content, Tus_Resumable="1.0.0", Upload_Metadata=given,
            Upload_Length=str(len(content)), Content_Type="application/offset+octet-stream",
        )  # fmt: skip
        assert status == 201, (status, text[:300])
        return pk


def on_the_server(url: str, rounds: int, content: bytes) -> None:
    browser = Browser(url)
    browser.ask("GET", "/petitions/new")
    plain, full = [], []
    for turn in range(rounds + 2):
        # Each photo is another one: the same content would be kept and drawn once.
        fresh = content + turn.to_bytes(4, "big") + os.urandom(8)
        pair = timed(lambda: browser.file(None)), timed(lambda one=fresh: browser.file(one))
        if turn >= 2:
            plain.append(pair[0])
            full.append(pair[1])
    ratios = [b / a for a, b in zip(plain, full, strict=True)]
    print(
        f"server: without {1000 * statistics.median(plain):.0f} ms, with "
        f"{1000 * statistics.median(full):.0f} ms, ratio {statistics.median(ratios):.1f} "
        f"({min(ratios):.1f}-{max(ratios):.1f})"
    )


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def over_a_thin_network(url: str, rounds: int, content: bytes) -> None:
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        program = os.environ.get("THUDO_CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(rounds):
            context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
            found.append(one_visit(context.new_page(), url, content))
            context.close()
        chromium.close()
    for name, values in zip(
        ("usable", "kB", "photo", "sent"), zip(*found, strict=True), strict=True
    ):
        print(
            f"thin network: {name} {statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
        )


def one_visit(page, url: str, content: bytes) -> tuple[float, float, float, float]:  # type: ignore[no-untyped-def]
    line, received = page.context.new_cdp_session(page), [0]
    line.send("Network.enable")
    speed = {"downloadThroughput": SPEED, "uploadThroughput": SPEED, "latency": LATENCY}
    line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    line.on(
        "Network.loadingFinished",
        lambda e: received.__setitem__(0, received[0] + e["encodedDataLength"]),
    )
    began = time.perf_counter()
    page.goto(f"{url}/petitions/new", wait_until="commit")
    page.wait_for_selector("photo-field:defined .button", timeout=60_000)
    usable = time.perf_counter() - began
    kilobytes = received[0] / 1000
    began = time.perf_counter()
    page.set_input_files(
        "#id_photos", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}]
    )
    page.wait_for_selector(".uploads li input[name=files]", state="attached", timeout=120_000)
    arrived = time.perf_counter() - began
    print("  travelled:", page.inner_text(".uploads .bytes"))
    fill(page)
    began = time.perf_counter()
    page.locator("[data-sheet-send]").click()
    page.wait_for_url(re.compile("filed=1"), timeout=120_000, wait_until="commit")
    page.wait_for_selector("main h1")
    return usable, kilobytes, arrived, time.perf_counter() - began


def fill(page) -> None:  # type: ignore[no-untyped-def]
    """The rest of the form, as fast as a script types; not counted."""
    onward = page.get_by_role("button", name="Tiếp tục")
    onward.click()
    page.check("[name=no_place]")
    onward.click()
    page.fill("textarea[name=text]", TEXT)
    onward.click()
    page.fill("[name=phone]", "0900000001")


if __name__ == "__main__":
    main()
