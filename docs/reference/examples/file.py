"""File a petition, read it again with its secret, and ask for a list that is asked for often."""

import json
import os
import secrets
import time
import urllib.error
import urllib.request

CITY = os.environ.get("CITY", "https://city.example") + "/api/v1"
# A random word of this device: it scopes Idempotency-Key, and the rate limits count by it.
TOKEN = os.environ.get("TOKEN") or secrets.token_urlsafe(24)


def call(method, path, body=None, **headers):
    """(status, headers, value); waits as long as it is told to when there were too many."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = json.dumps(body).encode() if body else None
    if data:
        headers["Content-Type"] = "application/json"
    while True:
        request = urllib.request.Request(CITY + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return 304, error.headers, None
            if error.code != 429:
                raise SystemExit(error.read().decode()) from error
            time.sleep(int(error.headers["Retry-After"]))


# The same key with the same body is answered once, however often the network makes you send it.
_, _, receipt = call(
    "POST",
    "/petitions",
    {
        "text": "Mặt đường trước cổng trường có một hố sâu, xe máy dễ ngã.",
        "point": {"lon": 105.81, "lat": 20.99},
        "contact": {"phone": "0900000000"},
    },
    Accept_Language="vi",
    X_Client_Token=TOKEN,
    Idempotency_Key=secrets.token_urlsafe(16),
)
print("filed", receipt["number"], "-", receipt["unit"]["name"])

_, _, petition = call("GET", f"/petitions/{receipt['number']}", X_Petition_Secret=receipt["secret"])
print("read", petition["number"])

# Ask again with the ETag: 304 and no body while nothing has changed.
_, headers, services = call("GET", "/services")
print(len(services["items"]), "kinds of matter;", headers.get("RateLimit", "no limit"))
status, _, _ = call("GET", "/services", If_None_Match=headers["ETag"])
print("services:", status)
