"""The switch's user directory, from the configuration: PURE text, and writing it where the switch reads it.

Holds digests (MD5 of user, domain and password), not passwords. Names are checked by the configuration; they are quoted
all the same.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import md5
from pathlib import Path
from xml.sax.saxutils import quoteattr

from acd.config.secrets import write_private
from acd.switch.node_config import NodeConfig, connection
from acd.words import PhoneId


def ha1(user: str, domain: str, password: str) -> str:
    """The digest by which SIP proves a password (RFC 2617)."""
    return md5(f"{user}:{domain}:{password}".encode(), usedforsecurity=False).hexdigest()


def directory_xml(domain: str, phones: Iterable[PhoneId], passwords: Mapping[PhoneId, str]) -> str:
    """``<include><domain …><user id=…>`` for each phone, in order of name, so that the same house gives the same text."""
    users = "\n".join(_user(phone, domain, passwords[phone]) for phone in sorted(phones))
    return f"<include>\n  <domain name={quoteattr(domain)}>\n{users}\n  </domain>\n</include>\n"


def _user(phone: PhoneId, domain: str, password: str) -> str:
    return (
        f"    <user id={quoteattr(phone)}>\n"
        f'      <params><param name="a1-hash" value="{ha1(phone, domain, password)}"/></params>\n'
        f'      <variables><variable name="user_context" value="agents"/></variables>\n'
        f"    </user>"
    )


def write_directory(file: Path, text: str) -> bool:
    """Writes it whole; returns whether it said something else before."""
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    write_private(file, text)
    return True


def ask_reload(config: NodeConfig) -> str:
    """Has a switch read its directory again and look for trunks, on a connection of its own; '' or why it does not know them.

    Raises OSError or greenswitch's NotConnectedError where not even the directory was read.
    """
    socket = connection(config, "reload")
    try:
        socket.connect()

        def ask(text: str) -> str:
            return str(socket.send(f"api {text}").data)

        read_again(ask)
        return trunks_unread(ask)
    finally:
        socket.stop()


def read_again(ask: Callable[[str], str]) -> None:
    """The same by somebody else's connection; ``ask`` gives the answer to a command. Raises OSError."""
    answer = ask(RELOAD).strip()
    if not answer.startswith("+OK"):
        raise OSError(f"the switch would not read its directory again: {answer[:100]!a}")


def trunks_unread(ask: Callable[[str], str]) -> str:
    """Has the switch look for trunks that its files have by now, beside those that it knows; '' or why it did not."""
    answer = ask(RESCAN).strip()
    return "" if answer.startswith("+OK") else f"it did not look for trunks: {answer[:100]!a}"


RELOAD = "reloadxml"
RESCAN = "sofia profile trunk rescan"
