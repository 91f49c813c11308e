"""An OpenID provider for rehearsals: one person, always signed in; PKCE and codes are checked."""

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from thudo.connectors.dummy import HttpDummy


class OpenIdDummy(HttpDummy):
    """`person`: the claims it gives; `tamper`: claims of the ID token to be wrong on purpose."""

    def __init__(self, client: str = "thudo", seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.client = client
        self.person: dict[str, Any] = {
            "sub": "person-1", "name": "Nguyễn Thị Minh Họa", "phone_number": "+84912000111",
            "phone_number_verified": True,
        }  # fmt: skip
        self.tamper: dict[str, Any] = {}
        self.issued_at: float | None = None
        self._codes: dict[str, dict[str, str]] = {}
        self._key: ECKey = ECKey.generate_key("P-256", {"kid": "dummy", "use": "sig"})
        self._other: ECKey | None = None

    def forge(self) -> None:
        """Sign with a key that is not published."""
        self._other = ECKey.generate_key("P-256", {"kid": "dummy"})

    def misbehaves(self, path: str) -> bool:
        return path == "/token"

    def sign_in(self, address: str) -> dict[str, str]:
        """What the browser brings back from the provider's page: code and state."""
        given = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self._codes[code] = given
        return {"code": code, "state": given["state"]}

    def act(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        where = urlsplit(path).path
        if where == "/.well-known/openid-configuration":
            return 200, json.dumps(self._document()).encode()
        if where == "/keys":
            return 200, json.dumps({"keys": [self._key.as_dict(private=False)]}).encode()
        if where == "/authorize":
            back = urlencode(self.sign_in(path))
            return 302, f"{dict(parse_qsl(urlsplit(path).query))['redirect_uri']}?{back}".encode()
        if where == "/token":
            return self._token({name: some[0] for name, some in parse_qs(body.decode()).items()})
        if where == "/userinfo":
            return 200, json.dumps(self.person).encode()
        return 404, b"{}"

    def _document(self) -> dict[str, str]:
        names = {
            "authorization_endpoint": "/authorize", "token_endpoint": "/token",
            "jwks_uri": "/keys", "userinfo_endpoint": "/userinfo",
        }  # fmt: skip
        return {"issuer": self.url, **{name: self.url + path for name, path in names.items()}}

    def _token(self, given: dict[str, str]) -> tuple[int, bytes]:
        asked = self._codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return 400, b'{"error": "invalid_grant"}'
        now = int(self.issued_at or time.time())
        claims = {
            "iss": self.url, "aud": self.client, "sub": self.person["sub"], "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], **self.tamper,
        }  # fmt: skip
        token = jwt.encode({"alg": "ES256", "kid": "dummy"}, claims, self._other or self._key)
        answer = {"access_token": "a", "token_type": "Bearer", "id_token": token}
        return 200, json.dumps(answer).encode()
