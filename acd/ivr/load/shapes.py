"""Each verb as it is written in a file, and how it becomes a step. The same keys mean the same in every verb.

``next`` is where callers go when all went well, ``exits`` names the other ways out, ``otherwise`` stands for every exit that
needs a target and has none.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from acd.config.kinds import Digit, Digits, Name, Prose, Truth, Variable, duration
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.calendars import CalendarShape
from acd.ivr.load.prompts import Condition, Patterns, PromptParts, TemplateText, TextParts, resolved
from acd.ivr.steps.agent import Agent
from acd.ivr.steps.branch import Branch
from acd.ivr.steps.gather import Gather
from acd.ivr.steps.hang_up import HangUp
from acd.ivr.steps.hours import Hours
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.play import Play
from acd.ivr.steps.queue import Queue
from acd.ivr.steps.say import Say
from acd.ivr.steps.set import Set
from acd.ivr.steps.transfer import ToFlow, ToNumber
from acd.ivr.steps.voicemail import Voicemail
from acd.words import FlowId, QueueId, Wish

Tries = Annotated[int, Field(ge=1, le=10)]
Pause = Annotated[float, duration(0.5, 120)]
CAUSES = {"normal": "NORMAL_CLEARING", "busy": "USER_BUSY", "rejected": "CALL_REJECTED"}


class StepShape(Shape):
    makes: ClassVar[type[Step]]
    step: str
    note: Prose = ""  # for people

    def targets(self) -> dict[str, str]:
        """Exits with their targets."""
        return {}

    def build(self, name: str, known: Known) -> Step:
        raise NotImplementedError


class Onward(StepShape):
    next: Name | None = None

    def targets(self) -> dict[str, str]:
        return {"done": self.next} if self.next else {}


class WithExits(StepShape):
    exits: dict[str, Name] = {}
    otherwise: Name | None = None

    def targets(self) -> dict[str, str]:
        rest = dict.fromkeys(sorted(self.makes.needs - {"done"}), self.otherwise) if self.otherwise else {}
        return {**{exit: target for exit, target in rest.items() if target}, **self.exits}


class OnwardWithExits(WithExits):
    next: Name | None = None

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **({"done": self.next} if self.next else {})}


class PlayShape(Onward):
    makes = Play
    prompt: PromptParts
    interruptible: Truth = False

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.prompt, known.recordings)
        return Play(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible)


class SayShape(Onward):
    makes = Say
    text: TextParts
    interruptible: Truth = False

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.text, known.recordings)
        return Say(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible)


class AskingShape(WithExits):
    prompt: PromptParts
    timeout_prompt: PromptParts = ()
    invalid_prompt: PromptParts = ()
    tries: Tries = 3
    first_digit: Pause = 6.0
    between_digits: Pause = 3.0
    interruptible: Truth = True
    fresh: Truth = False


class MenuShape(AskingShape):
    makes = Menu
    options: Annotated[dict[Digits, Name], Field(min_length=1)]

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **self.options}

    def build(self, name: str, known: Known) -> Step:
        return Menu(
            name=name,
            exits=self.targets(),
            options=self.options,
            prompt=resolved(self.prompt, known.recordings),
            timeout_prompt=resolved(self.timeout_prompt, known.recordings),
            invalid_prompt=resolved(self.invalid_prompt, known.recordings),
            tries=self.tries,
            first_digit_s=self.first_digit,
            between_digits_s=self.between_digits,
            interruptible=self.interruptible,
            fresh=self.fresh,
        )


class GatherShape(AskingShape):
    makes = Gather
    into: Variable
    next: Name | None = None
    min: Annotated[int, Field(ge=1, le=60)] = 1
    max: Annotated[int, Field(ge=1, le=60)] = 32
    terminator: Digit | Literal["none"] = "#"
    pattern: Patterns = ()
    sensitive: Truth = False

    @model_validator(mode="after")
    def order(self) -> "GatherShape":
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is more than max ({self.max})")
        return self

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **({"done": self.next} if self.next else {})}

    def build(self, name: str, known: Known) -> Step:
        return Gather(
            name=name,
            exits=self.targets(),
            into=self.into,
            least=self.min,
            most=self.max,
            terminator="" if self.terminator == "none" else self.terminator,
            patterns=self.pattern,
            sensitive=self.sensitive,
            prompt=resolved(self.prompt, known.recordings),
            timeout_prompt=resolved(self.timeout_prompt, known.recordings),
            invalid_prompt=resolved(self.invalid_prompt, known.recordings),
            tries=self.tries,
            first_digit_s=self.first_digit,
            between_digits_s=self.between_digits,
            interruptible=self.interruptible,
            fresh=self.fresh,
        )


class SetShape(Onward):
    makes = Set
    values: Annotated[dict[Variable, TemplateText], Field(min_length=1, max_length=50)]

    def build(self, name: str, known: Known) -> Step:
        return Set(name=name, exits=self.targets(), values=self.values)


class When(Shape):
    condition: Condition = Field(alias="if")
    go: Name


class BranchShape(StepShape):
    makes = Branch
    when: Annotated[list[When], Field(min_length=1, max_length=100)]
    otherwise: Name | None = None

    def targets(self) -> dict[str, str]:
        last = {"otherwise": self.otherwise} if self.otherwise else {}
        return {**{one.go: one.go for one in self.when}, **last}

    def build(self, name: str, known: Known) -> Step:
        return Branch(name=name, exits=self.targets(), when=tuple((one.condition, one.go) for one in self.when))


class HoursShape(WithExits):
    makes = Hours
    calendar: CalendarShape

    def build(self, name: str, known: Known) -> Step:
        return Hours(name=name, exits=self.targets(), calendar=self.calendar.calendar())


class QueueShape(WithExits):
    makes = Queue
    queue: Name
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    max_wait: Annotated[float, duration(1, 86400)] | None = None
    music: Name | None = None
    keys: dict[Digit, Name] = {}

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **self.keys}

    def build(self, name: str, known: Known) -> Step:
        return Queue(
            name=name,
            exits=self.targets(),
            queue=QueueId(self.queue),
            priority=self.priority,
            max_wait_s=self.max_wait,
            music=self.music,
        )


class Target(Shape):
    flow: Name | None = None
    number: TemplateText | None = None
    trunk: Name | None = None

    @model_validator(mode="after")
    def one_kind(self) -> "Target":
        if (self.flow is None) == (self.number is None) or (self.number is None) != (self.trunk is None):
            raise ValueError("either 'flow', or 'number' with 'trunk' is needed")
        return self


class TransferShape(OnwardWithExits):
    makes = ToNumber
    to: Target
    ring: Annotated[float, duration(5, 120)] = 30.0

    @property
    def to_flow(self) -> bool:
        return self.to.flow is not None

    @model_validator(mode="after")
    def no_way_back(self) -> "TransferShape":
        if self.to_flow and (self.next or self.exits or self.otherwise):
            raise ValueError("a caller who goes to another flow does not come back; leave out next, exits and otherwise")
        return self

    def build(self, name: str, known: Known) -> Step:
        if self.to.number is None:
            return ToFlow(name=name, flow=FlowId(self.to.flow or ""))
        exits, trunk = self.targets(), self.to.trunk or ""
        return ToNumber(name=name, exits=exits, number=self.to.number, trunk=trunk, ring_s=round(self.ring))


class VoicemailShape(OnwardWithExits):
    makes = Voicemail
    mailbox: Name
    greeting: PromptParts
    max: Annotated[float, duration(5, 1800)] = 180.0
    silence: Annotated[float, duration(2, 30)] = 5.0

    def build(self, name: str, known: Known) -> Step:
        return Voicemail(
            name=name,
            exits=self.targets(),
            mailbox=self.mailbox,
            greeting=resolved(self.greeting, known.recordings),
            max_s=round(self.max),
            silence_s=round(self.silence),
        )


class AgentShape(OnwardWithExits):
    makes = Agent
    do: Wish
    reason: Name | None = None

    @field_validator("reason")
    @classmethod
    def known_use(cls, reason: str | None, info: ValidationInfo) -> str | None:
        if reason and info.data.get("do") not in (None, Wish.NOT_READY):
            raise ValueError("a reason goes with not_ready only")
        return reason

    def build(self, name: str, known: Known) -> Step:
        return Agent(name=name, exits=self.targets(), do=self.do, reason=self.reason or "")


class HangUpShape(StepShape):
    makes = HangUp
    prompt: PromptParts = ()
    cause: Literal["normal", "busy", "rejected"] = "normal"

    def build(self, name: str, known: Known) -> Step:
        return HangUp(name=name, cause=CAUSES[self.cause], prompt=resolved(self.prompt, known.recordings))


SHAPES: dict[str, type[StepShape]] = {
    shape.makes.verb: shape
    for shape in (
        AgentShape, BranchShape, GatherShape, HangUpShape, HoursShape, MenuShape, PlayShape, QueueShape, SayShape, SetShape,
        TransferShape, VoicemailShape,
    )
}  # fmt: skip
