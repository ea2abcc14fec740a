"""Records as older releases wrote them, as they are meant today. Only what a default cannot say stands here."""

from dataclasses import replace
from typing import Any

from acd.core.lines.entry import Entry
from acd.words import EntryState


def of_today(thing: Any) -> Any:
    if isinstance(thing, Entry) and thing.state is EntryState.OFFERED and thing.offer is not None and not thing.rung:
        return replace(thing, rung=(thing.offer,), offer=None)  # when only one agent was rung at a time
    return thing
