"""With what a house starts: the pinned version, what is in the folder, or the last version that was good. Changes nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from acd.config.document import Problem, Refused
from acd.loading import Loaded
from acd.places import Places
from acd.taking import Taken, take, take_version
from acd.versions import Version, Versions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """With what a house starts. ``problems``: why it is not with what is in the folder."""

    taken: Taken
    pinned: Version | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def loaded(self) -> Loaded:
        return self.taken.loaded


def start_with(places: Places, check: Callable[[Loaded], object]) -> Started:
    """The pinned version; else what is in the folder; else, when that is bad, the last good version. Raises Refused without any.

    ``check`` raises Refused for what only shows when everything is opened.
    """
    versions = Versions(places.versions)
    last = versions.last()
    if last is not None and last.pinned:
        try:
            return _pinned(places, versions, last, check)
        except Refused as refused:
            tell(refused.problems)
            log.error("the pinned version %d cannot be used; what is in %s is taken", last.n, places.config)
    try:
        taken = take(places.config)
        check(taken.loaded)
        return Started(taken=taken)
    except Refused as refused:
        return _fallen_back(places, versions, refused, check)


def _pinned(places: Places, versions: Versions, last: Version, check: Callable[[Loaded], object]) -> Started:
    taken = take_version(places.config, versions, last)
    check(taken.loaded)
    log.warning("PINNED: version %d is started, not what is in %s; acd apply puts the folder in force", last.n, places.config)
    return Started(taken=taken, pinned=last)


def _fallen_back(places: Places, versions: Versions, why: Refused, check: Callable[[Loaded], object]) -> Started:
    """Callers are better off with yesterday's menu than with no house at all."""
    for version in reversed(versions.all()):
        try:
            taken = take_version(places.config, versions, version)
            check(taken.loaded)
        except Refused as refused:
            tell(refused.problems)
            continue
        tell(why.problems)
        log.error("REFUSED: what is in %s cannot be used; version %d is started, which was in force", places.config, version.n)
        return Started(taken=taken, problems=why.problems)
    raise why


def tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        log.error("%s", problem)
