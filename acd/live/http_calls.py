"""One HTTP request, for as long as it may take and not longer (FAULTS.md F44, S10).

A name is resolved once, every address that it gave is looked at, and one of exactly these is connected to; nothing between
here and there may resolve it again. Knows no proxy, keeps no cookie and no connection, and reads at most ``MOST`` bytes, packed
or not. It sets no deadline of its own: whoever calls it does (``gevent.Timeout``), for all of it, names included.

The bytes of HTTP are h11's matter, the sockets are gevent's, so that a deadline is one timeout around everything and no
library stands between the checked address and the socket.
"""

import re
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import gevent
import gevent.ssl
import h11
from gevent import monkey, socket
from gevent.threadpool import ThreadPool

from acd.live.addresses import Allowed

MOST = 1024 * 1024
HEAD_MOST = 64 * 1024
REDIRECTS = 3
CHUNK = 16384
RAW_MOST = 4 * MOST
PIECES = 5_000
BREATH = 100
SHARE_S = 2.0
"""Of several addresses of a name, one that says nothing is given up after this."""
PRINTABLE = re.compile(r"[!-~]{1,8192}")
HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}|[0-9a-f:.]{2,45}")
PORTS = {"http": 80, "https": 443}
MOVED_TO_GET = frozenset({301, 302, 303})
REPEATED = frozenset({307, 308})
OWN_HEADERS = frozenset({"content-type", "accept"})
"""What goes along to another host when we are sent there: nothing of the flow's that could be a secret."""

Resolve = Callable[[str, int], Sequence[str]]


class NotDone(Exception):
    """``why`` is a word of ``ErrandDone.why``; the text is for the log and holds nothing of the caller's."""

    def __init__(self, why: str, what: str) -> None:
        super().__init__(what)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Outbound:
    """How requests leave the house."""

    allowed: Allowed
    resolve: Resolve
    tls: "gevent.ssl.SSLContext"

    def call(self, request: Request) -> Reply:
        """Raises NotDone. Follows up to three redirects, each looked at like the first address."""
        for _ in range(REDIRECTS + 1):
            reply = self._once(request)
            where = reply.headers.get("location", "")
            if reply.status not in MOVED_TO_GET | REPEATED or not where:
                return reply
            request = redirected(request, reply.status, where)
        raise NotDone("bad_answer", f"more than {REDIRECTS} redirects")

    def _once(self, request: Request) -> Reply:
        url = checked(request.url)
        with self._connected(url) as connection:
            return exchange(connection, url, request)

    @contextmanager
    def _connected(self, url: SplitResult) -> Iterator[Any]:
        host, port = str(url.hostname), port_of(url)
        connection = self._connect(self._addresses(host, port), port)
        try:
            if url.scheme == "https":
                connection = self.tls.wrap_socket(connection, server_hostname=host)
            yield connection
        except (OSError, ssl.SSLError) as error:
            raise NotDone("unreachable", f"{type(error).__name__}: {error}") from None
        finally:
            connection.close()

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotDone("unreachable", f"{host} is no name that is known: {error}") from None
        forbidden = [address for address in found if not self.allowed.permits(address, host, port)]
        if forbidden:
            raise NotDone("forbidden", f"{host} is {forbidden[0]}, which is not public; the house may list it (requests: allow)")
        return found

    def _connect(self, addresses: Sequence[str], port: int) -> Any:
        why = "no address"
        for address in addresses:
            try:
                return opened(address, port, None if len(addresses) == 1 else SHARE_S)
            except OSError as error:
                why = str(error)
        raise NotDone("unreachable", why)


def opened(address: str, port: int, timeout_s: float | None) -> Any:
    """A connection to exactly this address. Raises OSError."""
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        connection.connect((address, port))
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def checked(written: str) -> SplitResult:
    """Raises NotDone for what is no http or https URL of a plain host. A redirect brings such as well as a flow."""
    try:
        url = urlsplit(written)
        port = port_of(url)
    except ValueError:
        raise NotDone("bad_answer", "not a URL") from None
    if not PRINTABLE.fullmatch(written):
        raise NotDone("bad_answer", "not a URL")
    if url.scheme not in PORTS or not HOST.fullmatch(url.hostname or "") or "@" in url.netloc or port == 0:
        raise NotDone("forbidden", f"{url.scheme or 'no scheme'}: only http and https to a plain host are allowed")
    return url


def port_of(url: SplitResult) -> int:
    """Raises ValueError for what is no port."""
    return PORTS.get(url.scheme, 0) if url.port is None else url.port


def redirected(request: Request, status: int, where: str) -> Request:
    """Where we are sent, asked as one may. Raises NotDone where that would be less safe than what the flow said."""
    try:
        target = urljoin(request.url, where)
    except ValueError:
        raise NotDone("bad_answer", "sent to what is no URL") from None
    old, new = checked(request.url), checked(target)
    if (old.scheme, new.scheme) == ("https", "http"):
        raise NotDone("forbidden", "a redirect from https to http is not followed")
    again = status in REPEATED
    if not again and status != 303 and request.method != "GET":
        raise NotDone("bad_answer", f"a {request.method} was answered with {status}, which does not say what to do")
    same = old.hostname == new.hostname and (new.scheme != old.scheme or port_of(old) == port_of(new))
    if again and request.body and not same:
        raise NotDone("forbidden", "what was sent is not passed on to another host")
    headers = request.headers if same else {k: v for k, v in request.headers.items() if k.lower() in OWN_HEADERS}
    if again:
        return Request(method=request.method, url=target, headers=headers, body=request.body)
    return Request(method="GET", url=target, headers={k: v for k, v in headers.items() if k.lower() != "content-type"})


def exchange(connection: Any, url: SplitResult, request: Request) -> Reply:
    """Over a connection that stands. Raises NotDone, OSError."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_MOST)
    try:
        connection.sendall(sent(http, url, request))
        return received(http, connection)
    except h11.RemoteProtocolError as error:
        raise NotDone("bad_answer", f"not HTTP: {error}") from None
    except h11.LocalProtocolError as error:
        raise NotDone("failed", f"a request that cannot be sent: {error}") from None


def sent(http: h11.Connection, url: SplitResult, request: Request) -> bytes:
    """The request as bytes."""
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    own = {"host": url.netloc.rpartition("@")[2], "user-agent": "acd", "accept-encoding": "identity", "connection": "close"}
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        own["content-length"] = str(len(request.body))
    headers = [*own.items(), *((name, value) for name, value in request.headers.items() if name.lower() not in own)]
    head = h11.Request(
        method=request.method, target=target.encode("ascii", "strict"), headers=[(k.encode(), v.encode()) for k, v in headers]
    )
    data = http.send(head) or b""
    if request.body:
        data += http.send(h11.Data(data=request.body)) or b""
    return data + (http.send(h11.EndOfMessage()) or b"")


def received(http: h11.Connection, connection: Any) -> Reply:
    head: h11.Response | None = None
    body, raw = bytearray(), 0
    for n in range(PIECES):
        event = http.next_event()
        if n % BREATH == 0:
            gevent.sleep(0)  # who sends faster than we read does not keep all others from their turn, the deadline neither
        if event is h11.NEED_DATA:
            data = connection.recv(CHUNK)
            raw += len(data)
            if not raw:
                raise NotDone("unreachable", "closed without an answer")
            http.receive_data(data)
            if raw > RAW_MOST:
                raise NotDone("too_large", f"the answer has more than {RAW_MOST} bytes")
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST:
                raise NotDone("too_large", f"the answer has more than {MOST} bytes")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in head.headers}
            return Reply(status=head.status_code, headers=headers, body=unpacked(bytes(body), headers.get("content-encoding", "")))
    raise NotDone("bad_answer", f"the answer comes in more than {PIECES} pieces")


def unpacked(body: bytes, encoding: str) -> bytes:
    """We ask for plain answers; who packs all the same may use gzip. A bomb is measured while it goes off."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise NotDone("bad_answer", "packed in a way that was not asked for")
    inflate = zlib.decompressobj(wbits=31)
    try:
        plain = inflate.decompress(body, MOST + 1)
    except zlib.error:
        raise NotDone("bad_answer", "not gzip, which it says it is") from None
    if len(plain) > MOST:
        raise NotDone("too_large", f"the answer has more than {MOST} bytes, unpacked")
    return plain


def tls_context() -> "gevent.ssl.SSLContext":
    """Certificates are verified against the machine's own roots, and names against certificates."""
    context = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context


class Resolver:
    """The system's resolver, in threads of its own: names that nobody answers for hold up nobody but those who ask."""

    def __init__(self, threads: int = 8) -> None:
        self._threads = ThreadPool(threads)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        found = self._threads.apply(_addresses, (host, port))
        if isinstance(found, Exception):
            raise OSError(str(found))
        return list(dict.fromkeys(one[4][0] for one in found))


def _addresses(host: str, port: int) -> Any:
    """In a thread, which would print what is raised in it."""
    try:
        return monkey.get_original("socket", "getaddrinfo")(host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return error
