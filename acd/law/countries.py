"""Whose numbers stand in a national do-not-call list, by the list's name: that of a law, or of a country in two letters (ISO 3166)."""

from collections.abc import Mapping

OF_LAW: Mapping[str, frozenset[str]] = {
    "us": frozenset({"US", "AS", "GU", "MP", "PR", "VI"}),
    "uk": frozenset({"GB", "GG", "IM", "JE"}),
    "ca": frozenset({"CA"}),
    "it": frozenset({"IT", "VA"}),
}


def countries_of(name: str) -> frozenset[str] | None:
    """None: nobody knows, so it is asked of every number."""
    if name in OF_LAW:
        return OF_LAW[name]
    return frozenset({name.upper()}) if len(name) == 2 and name.isascii() and name.isalpha() else None
