"""The keys that `menu` and `gather` share, and other verbs that ask."""

from typing import Annotated, Any

from pydantic import Field

from acd.config.kinds import Truth, duration
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import WithExits

Tries = Annotated[int, Field(ge=1, le=10)]
Pause = Annotated[float, duration(0.5, 120)]


class Patience(Shape):
    """How a question is asked, without its words."""

    timeout_prompt: PromptParts = ()
    invalid_prompt: PromptParts = ()
    tries: Tries = 3
    first_digit: Pause = 6.0
    between_digits: Pause = 3.0
    interruptible: Truth = True
    fresh: Truth = False

    def patience(self, known: Known) -> dict[str, Any]:
        """For an ``Asking`` step."""
        return {
            "timeout_prompt": resolved(self.timeout_prompt, known.recordings),
            "invalid_prompt": resolved(self.invalid_prompt, known.recordings),
            "tries": self.tries,
            "first_digit_s": self.first_digit,
            "between_digits_s": self.between_digits,
            "interruptible": self.interruptible,
            "fresh": self.fresh,
        }


class AskingShape(Patience, WithExits):
    prompt: PromptParts
