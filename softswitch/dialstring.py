"""What ``originate`` and ``bridge`` are told. PURE.

``{name=value,…}sofia/gateway/NAME/NUMBER`` or ``{…}sofia/PROFILE/USER%DOMAIN``.
"""

from dataclasses import dataclass, field


class BadDialString(ValueError):
    """The cause that FreeSWITCH would give is the first argument; the second says what is wrong."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class DialString:
    target: str
    """The number, or the user of a phone."""
    gateway: str = ""
    profile: str = ""
    domain: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return f"{self.target}@{self.domain}" if self.domain else self.target


def words(text: str) -> list[str]:
    """Split at spaces that stand outside single quotes."""
    found, word, quoted = [], "", False
    for char in text:
        if char == "'":
            quoted = not quoted
        if char == " " and not quoted:
            found += [word] if word else []
            word = ""
        else:
            word += char
    return found + ([word] if word else [])


def parse(text: str) -> DialString:
    """Raises BadDialString."""
    variables: dict[str, str] = {}
    rest = text.strip()
    while rest[:1] in ("{", "[", "<"):
        inner, rest = _bracketed(rest)
        variables.update(inner)
    if "," in rest or "|" in rest:
        raise BadDialString("DESTINATION_OUT_OF_ORDER", "one destination at a time, please")
    parts = rest.split("/", 3)
    if parts[0] != "sofia" or len(parts) < 3 or not all(parts):
        raise BadDialString("CHAN_NOT_IMPLEMENTED", f"{rest[:80]!r}: only sofia/… is known here")
    if parts[1] == "gateway":
        if len(parts) != 4:
            raise BadDialString("INVALID_URL", f"{rest[:80]!r}: sofia/gateway/NAME/NUMBER is needed")
        return DialString(gateway=parts[2], target=parts[3], variables=variables)
    user, _, domain = "/".join(parts[2:]).replace("%", "@", 1).partition("@")
    return DialString(profile=parts[1], target=user, domain=domain, variables=variables)


def _bracketed(text: str) -> tuple[dict[str, str], str]:
    """The variables of the first brackets, and what stands behind them."""
    closing = {"{": "}", "[": "]", "<": ">"}[text[0]]
    items, item, quoted = [], "", False
    at = 1
    while at < len(text) and (quoted or text[at] != closing):
        char = text[at]
        if char == "\\" and at + 1 < len(text) and text[at + 1] in ",'\\":
            at += 1
            item += text[at]
        elif char == "'":
            quoted = not quoted
        elif char == "," and not quoted:
            items.append(item)
            item = ""
        else:
            item += char
        at += 1
    if at == len(text):
        raise BadDialString("DESTINATION_OUT_OF_ORDER", f"no {closing!r} behind the variables")
    pairs = (one.partition("=") for one in (*items, item))
    return {name.strip(): value for name, equals, value in pairs if equals}, text[at + 1 :]
