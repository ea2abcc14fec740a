"""`callback` as it is written."""

from typing import Annotated

from pydantic import Field, model_validator

from acd.config.kinds import Name, Truth
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.checks import Region
from acd.ivr.load.own_words import OWN, prompt_or
from acd.ivr.load.prompts import Parts, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.load.verbs.asking import Patience
from acd.ivr.load.verbs.at_time import WithTime
from acd.ivr.steps.callback import NUMBER, Callback, Typing
from acd.ivr.steps.menu import Menu
from acd.words import QueueId

YES_OR_NO = {"1": "", "2": ""}
LONGEST_NUMBER = 20


class CallbackShape(WithTime, Patience, OnwardWithExits):
    makes = Callback
    queue: Name
    offer: Truth = True  # false: the caller has already said that they want it
    prompt: prompt_or("callback") = OWN  # type: ignore[valid-type]
    number_prompt: prompt_or("callback_number", "number_prompt") = OWN  # type: ignore[valid-type]
    type_prompt: prompt_or("callback_type", "type_prompt") = OWN  # type: ignore[valid-type]
    done_prompt: prompt_or("callback_done", "done_prompt") = OWN  # type: ignore[valid-type]
    region: Region | None = None
    priority: Annotated[int, Field(ge=0, le=100)] = 0

    @model_validator(mode="after")
    def promises_what_it_keeps(self) -> "CallbackShape":
        self.needs_a_way_out(self.exits, self.otherwise)
        if self.is_timed and self.is_offered and self.prompt is OWN:
            raise ValueError("our own offer keeps the place in the line, which one for a certain time has not; give it a 'prompt'")
        return self

    @property
    def is_offered(self) -> bool:
        """Who has said when has said that they want it."""
        return self.offer if "offer" in self.model_fields_set else not self.is_timed

    def targets(self) -> dict[str, str]:
        return self.led(super().targets(), self.otherwise)

    def build(self, name: str, known: Known) -> Step:
        return Callback(
            name=name,
            exits=self.targets(),
            queue=QueueId(self.queue),
            offer=self._menu(name, self.prompt, known) if self.is_offered else None,
            right=self._menu(name, self.number_prompt, known),
            typing=Typing(
                name=name,
                into=NUMBER,
                most=LONGEST_NUMBER,
                prompt=resolved(self.type_prompt, known.recordings),
                region=self.region or "",
                **self.patience(known),
            ),
            thanks=resolved(self.done_prompt, known.recordings),
            region=self.region or "",
            priority=self.priority,
            time=self.time(),
        )

    def _menu(self, name: str, prompt: Parts, known: Known) -> Menu:
        return Menu(name=name, options=YES_OR_NO, prompt=resolved(prompt, known.recordings), **self.patience(known))
