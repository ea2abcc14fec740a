"""What agents ask of campaigns by telephone (the step `lead` of a flow): as by command line, answered in words to be spoken."""

from collections.abc import Mapping

from acd.campaign import Mode
from acd.core.illegal import IllegalMove
from acd.live.controller import Unanswered
from dialer.core.events import PreviewWished
from dialer.core.explaining import preview_view
from dialer.lists.numbering import NotANumber
from dialer.live.service import Service


class ByPhone:
    def __init__(self, service: Service) -> None:
        self._service = service

    def asked(self, agent: str, what: str, number: str, campaign: str) -> tuple[str, Mapping[str, str]]:
        """Why not, or '', and what is told of the lead. ``what``: look, accept, skip, call."""
        try:
            if what == "call":
                return "", self._call(agent, number, campaign)
            return "", self._lead(agent, what)
        except KeyError as why:
            return str(why.args[0]), {}
        except (IllegalMove, NotANumber, Unanswered) as why:
            return str(why), {}

    def _lead(self, agent: str, what: str) -> Mapping[str, str]:
        found = preview_view(self._service.state, agent)
        if what != "look":
            self._service.ask(PreviewWished(at=self._service.now(), agent=agent, accepts=what == "accept"))
        name = str(found["lead"].get("lead_name", ""))
        return {"lead_name": name, "lead_number": str(found["number"]), "lead_campaign": str(found["campaign"])}

    def _call(self, agent: str, number: str, campaign: str) -> Mapping[str, str]:
        campaign = campaign or self._only_one(agent)
        self._service.call(campaign, agent, number, by=f"the phone of {agent}")
        return {"lead_number": number, "lead_campaign": campaign}

    def _only_one(self, agent: str) -> str:
        """That for which they may dial themselves, where there is no doubt. Raises IllegalMove."""
        queues = self._service.queues_of(agent)
        every = self._service.state.campaigns.values()
        found = sorted(each.id for each in every if each.dials and each.rules.mode is Mode.MANUAL and each.rules.queue in queues)
        if len(found) == 1:
            return found[0]
        several = f"it may be for {', '.join(found)}: the flow has to say which" if found else "no campaign runs for which you may dial"
        raise IllegalMove(several)
