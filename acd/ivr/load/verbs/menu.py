"""`menu` as it is written."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from acd.config.kinds import Digits, Name, matching
from acd.config.sentences import shown
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.own_words import option
from acd.ivr.load.prompts import Parts, PromptParts, parts, reading_of, resolved
from acd.ivr.load.verbs.asking import AskingShape
from acd.ivr.steps.menu import EXTENSION, Extensions, Menu
from acd.ivr.wording import parts_of

step_name = matching(r"[a-z0-9][a-z0-9_-]{0,62}", "the name of a step, or {label: text, go: step},")


class Option(Shape):
    """Where a choice leads, and the word by which it is offered."""

    go: Name
    label: PromptParts = ()


def _option(found: Any, info: ValidationInfo) -> Option:
    if not isinstance(found, dict):
        return Option(go=step_name(found))
    odd = [key for key in found if key not in ("go", "label")]
    if odd or "go" not in found:
        what = f"{shown(odd[0])} is not known here" if odd else "'go' is missing"
        raise ValueError(f"{what}; an option is the name of a step, or {{label: text, go: step}}")
    label = parts(found["label"], reading_of(info)) if "label" in found else ()
    if label:
        option(label, "1")  # refuses what makes no sentence
    return Option.model_construct(go=step_name(found["go"]), label=label)


class ExtensionsShape(Shape):
    length: Annotated[int, Field(ge=2, le=10)]
    begins: Annotated[str, BeforeValidator(matching(r"[0-9]{1,10}", "a text of the digits with which extensions begin"))] = "0123456789"
    go: Name


class MenuShape(AskingShape):
    makes = Menu
    options: Annotated[dict[Digits, Annotated[Option, BeforeValidator(_option)]], Field(min_length=1)]
    prompt: PromptParts = ()
    extensions: ExtensionsShape | None = None

    @model_validator(mode="after")
    def something_is_said(self) -> "MenuShape":
        if not self.prompt and not any(one.label for one in self.options.values()):
            raise ValueError("'prompt' is missing; give it, or labels of which it can be made: {1: {label: sales, go: sales}}")
        return self

    def targets(self) -> dict[str, str]:
        direct = {EXTENSION: self.extensions.go} if self.extensions else {}
        return {**super().targets(), **{digits: one.go for digits, one in self.options.items()}, **direct}

    @property
    def said(self) -> Parts:
        """What is offered, in the order of the file; an option without a label is for those who know it."""
        return self.prompt or tuple(part for digits, one in self.options.items() if one.label for part in option(one.label, digits))

    def build(self, name: str, known: Known) -> Step:
        direct = self.extensions
        return Menu(
            name=name,
            exits=self.targets(),
            options={digits: one.go for digits, one in self.options.items()},
            labels={digits: _shown(one.label) for digits, one in self.options.items() if one.label},
            extensions=Extensions(length=direct.length, begins=direct.begins) if direct else None,
            prompt=resolved(self.said, known.recordings),
            **self.patience(known),
        )


def _shown(label: Parts) -> str:
    """The first wording there is, for people."""
    texts = [part.source for part in parts_of([resolved(label, None)]) if not isinstance(part, str) and hasattr(part, "source")]
    return texts[0] if texts else ""
