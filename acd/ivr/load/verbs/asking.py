"""The keys that `menu` and `gather` share."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Truth, duration
from acd.ivr.load.prompts import PromptParts
from acd.ivr.load.shape import WithExits

Tries = Annotated[int, Field(ge=1, le=10)]
Pause = Annotated[float, duration(0.5, 120)]


class AskingShape(WithExits):
    prompt: PromptParts
    timeout_prompt: PromptParts = ()
    invalid_prompt: PromptParts = ()
    tries: Tries = 3
    first_digit: Pause = 6.0
    between_digits: Pause = 3.0
    interruptible: Truth = True
    fresh: Truth = False
