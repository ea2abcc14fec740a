"""All transactions of one user agent, by what tells them apart. Knows no calls; what goes out goes by ``send``."""

from collections.abc import Callable

from sipmessage import Request, Response

from softswitch.sip.message import branch_of, party, render
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import Address, ClientTransaction, ServerTransaction, server_key

MAX_TRANSACTIONS = 5000
"""More are dropped: a flood must not take the memory of the calls that are up."""


class Exchanges:
    """``forgotten`` hears of each server transaction that is over."""

    def __init__(
        self,
        *,
        timers: Timers,
        send: Callable[[bytes, Address], None],
        forgotten: Callable[[ServerTransaction], object],
    ) -> None:
        self.timers = timers
        self.send = send
        self._forgotten = forgotten
        self._servers: dict[tuple[str, str, str], ServerTransaction] = {}
        self._invites: dict[tuple[str, int, str], ServerTransaction] = {}
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self.dropped = 0
        """Requests that came when too much was going on."""

    @property
    def servers(self) -> list[ServerTransaction]:
        return list(self._servers.values())

    @property
    def count(self) -> int:
        return len(self._servers) + len(self._clients) + len(self._invites)

    def begin(self, request: Request, source: Address) -> ServerTransaction | None:
        """The transaction of a new request; None for a repeated one (answered again) or when there are too many."""
        known = self._servers.get(server_key(request))
        if known is not None:
            known.again()
            return None
        if len(self._servers) >= MAX_TRANSACTIONS:
            self.dropped += 1
            return None
        transaction = ServerTransaction(self, request, source)
        self._servers[transaction.key] = transaction
        if request.method == "INVITE":
            self._invites[invite_key(request)] = transaction
        return transaction

    def start_client(
        self,
        request: Request,
        to: Address,
        *,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction:
        transaction = ClientTransaction(self, request, to, on_response=on_response, on_timeout=on_timeout)
        self._clients[transaction.key] = transaction
        return transaction

    def response_came(self, response: Response) -> None:
        transaction = self._clients.get((branch_of(response), response.cseq.method))
        if transaction is not None:
            transaction.response(response)

    def ack_came(self, ack: Request) -> bool:
        """Whether it is the business of a call too: the ACK of a refusal is not."""
        transaction = self._servers.get(server_key(ack))
        if transaction is not None and transaction.status >= 300:
            transaction.acknowledged()
            return False
        answered = self._invites.get(invite_key(ack))
        if answered is not None and 200 <= answered.status < 300:
            answered.acknowledged()
        return True

    # -- what transactions ask for (the protocol Wire)

    def send_message(self, message: Request | Response, to: Address) -> None:
        self.send(render(message), to)

    def forget_server(self, transaction: ServerTransaction) -> None:
        self._servers.pop(transaction.key, None)
        if self._invites.get(invite_key(transaction.request)) is transaction:
            del self._invites[invite_key(transaction.request)]
        self._forgotten(transaction)

    def forget_client(self, transaction: ClientTransaction) -> None:
        self._clients.pop(transaction.key, None)


def invite_key(request: Request) -> tuple[str, int, str]:
    """An ACK to a 2xx has a branch of its own; it belongs to the INVITE with its Call-ID, number and From."""
    return request.headers["Call-ID"], request.cseq.sequence, party(request.headers["From"]).tag
