"""`messages` as it is written."""

from pydantic import field_validator

from acd.config.kinds import Zone
from acd.config.sentences import shown
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.own_words import OWN, prompt_or
from acd.ivr.load.prompts import TemplateText, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.load.verbs.asking import Patience
from acd.ivr.mailbox import MAILBOX
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.messages import KEYS, Messages
from acd.ivr.template import Template


class MessagesShape(Patience, OnwardWithExits):
    makes = Messages
    mailbox: TemplateText
    prompt: prompt_or("messages") = OWN  # type: ignore[valid-type]
    empty_prompt: prompt_or("messages_none", "empty_prompt") = OWN  # type: ignore[valid-type]
    message_prompt: prompt_or("messages_each", "message_prompt") = OWN  # type: ignore[valid-type]
    caller_prompt: prompt_or("messages_caller", "caller_prompt") = OWN  # type: ignore[valid-type]
    choice_prompt: prompt_or("messages_choice", "choice_prompt") = OWN  # type: ignore[valid-type]
    deleted_prompt: prompt_or("messages_deleted", "deleted_prompt") = OWN  # type: ignore[valid-type]
    end_prompt: prompt_or("messages_end", "end_prompt") = OWN  # type: ignore[valid-type]
    zone: Zone | None = None

    @field_validator("mailbox")
    @classmethod
    def possible(cls, mailbox: Template) -> Template:
        if not (mailbox.names or mailbox.calls) and not MAILBOX.fullmatch(mailbox.text({})):
            needed = "the name of a mailbox (lower-case letters, digits, _ and -), or a template such as '{{ call.agent }}'"
            raise ValueError(f"found {shown(mailbox.text({}))}; {needed} is needed")
        return mailbox

    def build(self, name: str, known: Known) -> Step:
        said = {
            key: resolved(getattr(self, key), known.recordings)
            for key in ("prompt", "empty_prompt", "message_prompt", "caller_prompt", "deleted_prompt", "end_prompt")
        }
        choice = Menu(
            name=name,
            options=dict.fromkeys(KEYS, ""),
            prompt=resolved(self.choice_prompt, known.recordings),
            **self.patience(known),
        )
        return Messages(name=name, exits=self.targets(), mailbox=self.mailbox, choice=choice, zone=self.zone or "", **said)
