"""What one listener wants to hear: event names, CUSTOM subclasses, filters. PURE but for its own state."""

import re
from collections.abc import Callable

from softswitch.events import NAMES, Event

_FORMS = ("plain", "json", "xml")


class Subscription:
    def __init__(self) -> None:
        self.form = "plain"
        self.active = False
        self._names: set[str] = set()
        self._custom: set[str] = set()
        self._filters: list[tuple[str, str]] = []

    def wants(self, event: Event) -> bool:
        return self.active and self._subscribed(event) and self._passes(event)

    def event(self, words: list[str]) -> str:
        """``event plain A B CUSTOM x::y``: the reply text."""
        if words and words[0].lower() in _FORMS:
            form = words.pop(0).lower()
            if form == "xml":
                return "-ERR xml is not supported here; plain and json are"
            self.form = form
        known = self._each(words, self._names.add, self._custom.add)
        if not known:
            return "-ERR no keywords supplied"
        self.active = True
        return f"+OK event listener enabled {self.form}"

    def nix(self, words: list[str]) -> str:
        if not self._each(words, self._forget, self._custom.discard):
            return "-ERR no keywords supplied"
        self.active = True
        return "+OK events nixed"

    def none(self) -> str:
        if not self.active:
            return "-ERR not listening for events"
        self.active = False
        self._names.clear()
        self._custom.clear()
        return "+OK no longer listening for events"

    def filter(self, text: str) -> str:
        """``filter NAME VALUE``, ``filter delete NAME [VALUE]``, ``filter delete all``: the reply text."""
        name, _, value = text.strip().partition(" ")
        if name.lower() == "delete" and value:
            name, _, value = value.partition(" ")
            self._delete_filter(name, value)
            return f"+OK filter deleted. [{name}][{value}]"
        if name.lower() == "add" and value:
            name, _, value = value.partition(" ")
        if not value:
            return "-ERR invalid syntax"
        self._filters.append((name, value))
        return f"+OK filter added. [{name}]=[{value}]"

    def _delete_filter(self, name: str, value: str) -> None:
        self._filters = [
            (n, v) for n, v in self._filters if name.lower() != "all" and not (n.lower() == name.lower() and value in ("", v))
        ]

    def _each(self, words: list[str], named: Callable[[str], None], custom: Callable[[str], None]) -> int:
        """After CUSTOM every word is a subclass. The answer counts the event names that exist."""
        known, subclasses = 0, False
        for word in words:
            if subclasses:
                custom(word)
            elif word.upper() in NAMES:
                known += 1
                named(word.upper())
                subclasses = word.upper() == "CUSTOM"
        return known

    def _forget(self, name: str) -> None:
        if name == "ALL":
            self._names.clear()
        elif name != "CUSTOM":
            if "ALL" in self._names:
                self._names = set(NAMES) - {"ALL"}
            self._names.discard(name)

    def _subscribed(self, event: Event) -> bool:
        if "ALL" in self._names:
            return True
        if event.name not in self._names:
            return False
        return event.name != "CUSTOM" or (event.value("Event-Subclass") or "") in self._custom

    def _passes(self, event: Event) -> bool:
        if not self._filters:
            return True
        wanted = False
        for name, pattern in self._filters:
            value = event.value(name)
            negative = pattern.startswith("-")
            if value is None or (wanted and not negative) or not _matches(value, pattern.lstrip("+- ")):
                continue
            if negative:
                return False
            wanted = True
        return wanted


def _matches(value: str, pattern: str) -> bool:
    if pattern.startswith("/"):
        try:
            return re.search(pattern.strip("/"), value) is not None
        except re.error:
            return False
    return value.lower() == pattern.lower()
