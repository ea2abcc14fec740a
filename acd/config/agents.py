"""The agents of ``acd.yaml``: how each is reached, what is wrong with it, and what the core makes of it."""

from collections.abc import Iterator
from dataclasses import replace

from acd.config.agent_shapes import ExternalShape, asking, external
from acd.config.document import Document, Problem
from acd.config.outbound import outbound_of
from acd.config.routing import membership_problems, memberships
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, AgentShape
from acd.core.matching.routing_policy import Membership
from acd.core.outside.gate import FOR_GOOD, Nothing, Wanted, judge
from acd.core.outside.gate import Refused as NotAllowed
from acd.core.policy import AgentPolicy
from acd.words import AgentId, PhoneId, QueueId, WrapUpMode


def agent_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    yield from _wrap_ups(shape, document)
    owner: dict[str, str] = {}
    for id, agent in shape.agents.items():
        yield from _reached(id, agent, shape, document)
        for path, phone in _phones_written(agent):
            first = owner.setdefault(phone, id)
            if first != id:
                what = f"the phone {phone!r} belongs to agent {first!r} already; each agent needs one of their own"
                yield document.problem(("agents", id, *path), what)
        yield from membership_problems(id, agent, shape, document)


def _phones_written(agent: AgentShape) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if agent.phone is not None:
        yield ("phone",), agent.phone
    yield from ((("phones", i), phone) for i, phone in enumerate(agent.phones))


def _reached(id: str, agent: AgentShape, shape: AcdShape, document: Document) -> Iterator[Problem]:
    """Whether there is a way to the agent."""
    phones = [phone for _, phone in _phones_written(agent)]
    if not phones and agent.external is None:
        yield document.problem(("agents", id), "'phone', 'phones' or 'external' is missing: nothing could be rung")
    if agent.phone is not None and agent.phones:
        yield document.problem(("agents", id, "phones"), "the phones are given twice; leave 'phone' out")
    if len(set(agent.phones)) != len(agent.phones):
        yield document.problem(("agents", id, "phones"), "a phone is here twice")
    if agent.capacity.voice > 1:
        what = f"found {agent.capacity.voice}; by voice an agent can take one at a time, 1 is allowed"
        yield document.problem(("agents", id, "capacity", "voice"), what)
    if agent.confirm_prompt is not None and agent.confirm is None:
        yield document.problem(("agents", id, "confirm_prompt"), "it asks for a digit; give 'confirm', the digit")
    if agent.external is not None:
        yield from _outside(id, agent.external, shape, document)


def _outside(id: str, external: ExternalShape, shape: AcdShape, document: Document) -> Iterator[Problem]:
    if external.trunk is not None and external.trunk not in shape.trunks:
        yield document.problem(("agents", id, "external", "trunk"), unknown("trunk", external.trunk, sorted(shape.trunks)))
        return
    trunks = (external.trunk,) if external.trunk else ()
    wanted = Wanted(id="", number=external.number, reason="agent", trunks=trunks)
    found = judge(replace(outbound_of(shape.outbound, shape.trunks), hours=""), Nothing(), wanted, 0.0)
    if isinstance(found, NotAllowed) and found.rule in FOR_GOOD:
        yield document.problem(("agents", id, "external", "number"), f"nobody could call there: {found.why}")


def agent_of(id: str, agent: AgentShape, language: str, position: int = 0) -> AgentPolicy:
    """``position``: where the agent stands in the file."""
    phones = tuple(PhoneId(phone) for _, phone in _phones_written(agent))
    return AgentPolicy(
        id=AgentId(id),
        name=agent.name,
        phone=phones[0] if phones else PhoneId(""),
        phones=phones if len(phones) > 1 else (),
        queues=tuple(QueueId(queue) for queue in agent.queues),
        memberships=memberships(agent, position),
        skills=dict(agent.skills),
        personal=Membership(order=agent.personal.order),
        caller_id=agent.caller_id or "",
        confirm=agent.confirm or "",
        prompt=asking(agent.confirm_prompt, agent.confirm, language) if agent.confirm else (),
        external=external(agent.external, language),
        may_transfer_outside=agent.may_transfer_outside,
    )


def agent_of_phone(shape: AcdShape) -> dict[PhoneId, AgentId]:
    return {PhoneId(phone): AgentId(id) for id, agent in shape.agents.items() for _, phone in _phones_written(agent)}


def _wrap_ups(shape: AcdShape, document: Document) -> Iterator[Problem]:
    for id, queue in shape.queues.items():
        if queue is None:
            continue
        if queue.wrap_up_mode in OWED and not queue.dispositions:
            what = f"{queue.wrap_up_mode.value} needs 'dispositions': nothing else would end the wrap-up"
            yield document.problem(("queues", id, "wrap_up_mode"), what)
        by_digits: dict[str, str] = {}
        for name, digits in queue.dispositions.items():
            if (other := by_digits.setdefault(digits, name)) != name:
                what = f"the digits {digits!r} stand for {other!r} already"
                yield document.problem(("queues", id, "dispositions", name), what)


OWED = (WrapUpMode.MANDATORY, WrapUpMode.MANDATORY_TIMED)
