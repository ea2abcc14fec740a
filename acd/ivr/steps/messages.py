"""`messages`: who is on the line hears what lies in a mailbox, one message after the other, and keeps or deletes it by key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from acd.ivr.flow import Prompt, Step
from acd.ivr.mailbox import COUNTS, MAILBOX, Lying
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.mailbox_parts import AT, THERE, Erasing, Listing, Sounding, Telling, current
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.talk import Talk
from acd.ivr.template import Template

AGAIN, NEXT, DELETE, PREVIOUS, LEAVE = KEYS = "1234#"
TOLD = frozenset({"message_place", "message_left", "message_caller", *(f"{name}_messages" for name in COUNTS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages(Talk):
    """Exits: ``done``, ``failed`` when nobody can say what there is (or there can be no such mailbox).

    What was there when it began is gone through; the list stands in the frame, so that a caller goes on after a restart.
    """

    verb: ClassVar[str] = "messages"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "failed"})

    mailbox: Template
    prompt: Prompt  # how many there are
    empty_prompt: Prompt
    message_prompt: Prompt  # before each
    caller_prompt: Prompt  # and then, when the number is known
    choice: Menu  # after each
    deleted_prompt: Prompt
    end_prompt: Prompt
    zone: str = ""  # '' is the one that all the house's calendars have, or UTC

    @property
    def names(self) -> dict[str, str]:
        return {} if self.mailbox.names or self.mailbox.calls else {"mailbox": self.mailbox.text({})}

    @property
    def parts(self) -> Mapping[str, Step]:
        return {
            "listing": Listing(name=self.name, mailbox=self.mailbox),
            "count": Telling(name=self.name, said=self.prompt, keys=LEAVE),
            "empty": Telling(name=self.name, said=self.empty_prompt),
            "announcing": Telling(name=self.name, said=self.message_prompt, caller=self.caller_prompt, keys=KEYS),
            "sounding": Sounding(name=self.name, keys=KEYS),
            "choosing": self.choice,
            "erasing": Erasing(name=self.name),
            "deleted": Telling(name=self.name, said=self.deleted_prompt, keys=LEAVE),
            "end": Telling(name=self.name, said=self.end_prompt),
        }

    @property
    def reads(self) -> frozenset[str]:
        return super(Messages, self).reads | self.mailbox.names

    @property
    def sets(self) -> frozenset[str]:
        return TOLD

    def enter(self, scene: Scene) -> Turn:
        if not MAILBOX.fullmatch(self.mailbox.text(scene.variables).strip()):
            return scene.leave("failed")
        return self.begin(scene, "listing")

    def after(self, scene: Scene, part: str, exit: str) -> Turn:
        match part, exit:
            case (("listing" | "erasing"), "failed"):
                return self._leave(scene, "failed")
            case "listing", _:
                return self.begin(scene, "count" if current(scene.frame) else "empty")
            case "announcing", "done":
                return self.begin(scene, "sounding")
            case "sounding", "done":
                return self.begin(scene, "choosing")
            case "erasing", _:
                return self.begin(scene, "deleted")
            case (("count" | "deleted"), "done"):
                return self._announce(scene)
        return self._by_key(scene, exit)

    def _by_key(self, scene: Scene, key: str) -> Turn:
        at = int(scene.frame.variables.get(AT, "0"))
        match key:
            case "1":
                return self._announce(scene)
            case "2":
                return self._announce(scene, at + 1)
            case "3":
                return self.begin(scene, "erasing")
            case "4":
                return self._announce(scene, max(0, at - 1))
        return self._leave(scene, "done")  # also who presses nothing any more, and after the last words

    def _announce(self, scene: Scene, at: int | None = None) -> Turn:
        variables = {**scene.frame.variables, **({} if at is None else {AT: str(at)})}
        moved = replace(scene, frame=replace(scene.frame, variables=variables))
        message = current(moved.frame)
        if message is None:
            return self.begin(moved, "end")
        variables |= {
            "message_place": str(int(variables[AT]) + 1),
            "message_left": self._left(scene, message),
            "message_caller": message.caller,
        }
        return self.begin(replace(moved, frame=replace(moved.frame, variables=variables)), "announcing")

    def _left(self, scene: Scene, message: Lying) -> str:
        zones = {calendar.zone for calendar in scene.calendars.values()}
        zone = self.zone or (zones.pop() if len(zones) == 1 else "UTC")
        return datetime.fromtimestamp(message.left_at, ZoneInfo(zone)).isoformat(timespec="minutes")

    def _leave(self, scene: Scene, exit: str) -> Turn:
        variables = {name: value for name, value in scene.frame.variables.items() if name not in (THERE, AT)}
        return scene.leave(exit, variables=variables, digits="")
