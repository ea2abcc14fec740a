"""Digest authentication (RFC 2617, MD5; as a client SHA-256 too), both sides. The time is an argument; the secret of
the nonces is
drawn at start. The library's reader of challenges is not used: it splits at commas inside quotes and can be made to
loop.
"""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sipmessage import AuthChallenge, AuthCredentials, AuthParameters, Request, Response

_PARAMETER = re.compile(r'([A-Za-z][\w-]{0,30})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))')
_NONCE = re.compile(r"([0-9a-f]{8,16})\.([0-9a-f]{8})\.([0-9a-f]{32})")
MAX_NONCES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``stale``: the password was right but the nonce is too old or was used before: ask again, nobody is
    suspicious."""

    ok: bool
    user: str = ""
    stale: bool = False


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def ha1(user: str, realm: str, password: str) -> str:
    """What a house keeps instead of the password."""
    return md5(f"{user}:{realm}:{password}")


def read_parameters(header: str) -> dict[str, str]:
    """The parameters of a Digest header, names in lower case; {} for another scheme."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    return {
        found[1].lower(): re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3] for found in _PARAMETER.finditer(rest)
    }


def response_of(*, secret: str, method: str, given: Mapping[str, str], hash_: Callable[[str], str] = md5) -> str:
    """The response that fits to HA1 ``secret`` and the parameters of the Authorization header."""
    ha2 = hash_(f"{method}:{given.get('uri', '')}")
    if given.get("qop"):
        middle = f"{given.get('nonce', '')}:{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}"
    else:
        middle = given.get("nonce", "")
    return hash_(f"{secret}:{middle}:{ha2}")


class Guard:
    """Challenges and checks for one realm."""

    def __init__(self, *, realm: str, ha1_of: Callable[[str], str | None], nonce_s: float) -> None:
        self._realm = realm
        self._ha1_of = ha1_of
        self._nonce_s = nonce_s
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[str, int] = OrderedDict()

    def challenge(self, *, now: float, stale: bool = False) -> str:
        parameters = {"realm": self._realm, "nonce": self._nonce(now), "algorithm": "MD5", "qop": "auth"}
        if stale:
            parameters["stale"] = "true"
        return str(AuthChallenge(scheme="Digest", parameters=AuthParameters(**parameters)))

    def check(self, header: str | None, *, method: str, now: float) -> Verdict:
        """An unknown user costs the same work and gets the same verdict as a wrong password."""
        given = read_parameters(header or "")
        user = given.get("username", "")
        known = self._ha1_of(user) if user and len(user) <= 128 else None
        expected = response_of(secret=known or "0" * 32, method=method, given=given)
        right = hmac.compare_digest(expected.encode(), given.get("response", "").lower().encode())
        if known is None or not right or given.get("realm") != self._realm:
            return Verdict(ok=False, user=user)
        nonce = given.get("nonce", "")
        if not self._is_ours(nonce) or self._is_old(nonce, now) or not self._is_next(nonce, given.get("nc", "1")):
            # Also after our restart: the password is right, the nonce is from before.
            return Verdict(ok=False, user=user, stale=True)
        return Verdict(ok=True, user=user)

    def _nonce(self, now: float) -> str:
        head = f"{int(now * 1000):012x}.{secrets.token_hex(4)}"
        return f"{head}.{self._sign(head)}"

    def _sign(self, head: str) -> str:
        return hmac.new(self._key, head.encode(), "sha256").hexdigest()[:32]

    def _is_ours(self, nonce: str) -> bool:
        found = _NONCE.fullmatch(nonce)
        return found is not None and hmac.compare_digest(self._sign(f"{found[1]}.{found[2]}"), found[3])

    def _is_old(self, nonce: str, now: float) -> bool:
        return now - int(nonce.partition(".")[0], 16) / 1000 > self._nonce_s

    def _is_next(self, nonce: str, count: str) -> bool:
        """A count that was seen is a replay: the digest does not cover the Contact, so a replayed REGISTER would
        take a phone over."""
        try:
            number = int(count[:8], 16)
        except ValueError:
            return False
        if number <= self._used.get(nonce, 0):
            return False
        self._used[nonce] = number
        self._used.move_to_end(nonce)
        while len(self._used) > MAX_NONCES:
            self._used.popitem(last=False)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """For a 401/407 to our own requests."""

    user: str
    password: str

    def answer(self, response: Response, request: Request) -> tuple[str, str] | None:
        """(header name, value) that the repeated request needs; None when this is no challenge that we can meet."""
        if response.code not in _CHALLENGES:
            return None
        asked, ours = _CHALLENGES[response.code]
        challenge = response.headers.get(asked) or ""
        value = authorization(challenge, user=self.user, password=self.password, method=request.method, uri=str(request.uri))
        return (ours, value) if value else None


_CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}


def authorization(challenge: str, *, user: str, password: str, method: str, uri: str) -> str | None:
    """The Authorization to a challenge, or None when we do not know its algorithm or kind of protection."""
    asked = read_parameters(challenge)
    algorithm = asked.get("algorithm", "MD5").upper()
    qops = [one.strip() for one in asked.get("qop", "").split(",") if one.strip()]
    if algorithm not in ("MD5", "SHA-256") or "nonce" not in asked or (qops and "auth" not in qops):
        return None
    hash_ = md5 if algorithm == "MD5" else lambda text: hashlib.sha256(text.encode()).hexdigest()
    given = {"username": user, "realm": asked.get("realm", ""), "nonce": asked["nonce"], "uri": uri}
    if qops:
        given |= {"qop": "auth", "nc": "00000001", "cnonce": secrets.token_hex(8)}
    given["response"] = response_of(secret=hash_(f"{user}:{given['realm']}:{password}"), method=method, given=given, hash_=hash_)
    given["algorithm"] = algorithm
    if "opaque" in asked:
        given["opaque"] = asked["opaque"]
    return str(AuthCredentials(scheme="Digest", parameters=AuthParameters(**given)))
