"""What becomes of those in queues that are taken out of the configuration (ACD.md 52). PURE."""

from collections.abc import Iterator

from acd.plan.house import House, People
from acd.words import QueueId


def going_over(old: House, new: House, people: People) -> Iterator[str]:
    """Into the queue that says that it replaces theirs."""
    for queue, to in new.policy.moved.items():
        waiting, called = people.waiting.get(queue, 0), people.callbacks.get(queue, 0)
        if waiting:
            s, verb, their = ("s", "go", "their") if waiting != 1 else ("", "goes", "its")
            yield f"{waiting} caller{s} in the queue {queue} {verb} over to {to}, which replaces it, with {their} place"
        if called and _calls_back(new, to):
            s, verb = ("s", "are") if called != 1 else ("", "is")
            yield f"{called} customer{s} of {queue} {verb} called back by {to}, which replaces it"


def left_behind(old: House, new: House, people: People) -> Iterator[str]:
    yield from _stranded(old, new, people)
    yield from _not_called(old, new, people)


def _stranded(old: House, new: House, people: People) -> Iterator[str]:
    for queue, waiting in sorted(people.waiting.items()):
        if waiting and queue in old.policy.queues and queue not in new.policy.queues and queue not in new.policy.moved:
            s = "s wait" if waiting != 1 else " waits"
            stay = _drains(old, new, queue)
            then = "served by its agents to the last, and nobody joins" if stay else "out by 'failed', no agent of it is left"
            hint = f"another queue takes them with 'replaces: [{queue}]'"
            yield f"{waiting} caller{s} in the removed queue {queue}: {then}; {hint}"


def _not_called(old: House, new: House, people: People) -> Iterator[str]:
    for queue, count in sorted(people.callbacks.items()):
        to = new.policy.moved.get(queue)
        if count and to is not None and not _calls_back(new, to):
            s, verb = ("s", "are") if count != 1 else ("", "is")
            then = f"by {queue} as before until the controller is restarted: {to} calls nobody back"
            yield f"{count} customer{s} of {queue} {verb} called back {then}"
        elif count and to is None and _calls_back(old, queue) and queue not in new.policy.queues and _drains(old, new, queue):
            s, verb = ("s", "are") if count != 1 else ("", "is")
            then = "called as before while it drains, until the controller is restarted: after that nobody will call them"
            yield f"{count} customer{s} {verb} to be called back by the removed queue {queue}: {then}"
        elif count and to is None and not _calls_back(new, queue):
            s, verb = ("s", "are") if count != 1 else ("", "is")
            yield f"{count} customer{s} {verb} to be called back by {queue}, which calls nobody any more: nobody will call them"


def _drains(old: House, new: House, queue: QueueId) -> bool:
    """Somebody who served it is still there, and serves it to its end (``acd.core.policy.draining``)."""
    return any(id in new.policy.agents for id, agent in old.policy.agents.items() if queue in agent.queues)


def never_there(old: House, new: House) -> Iterator[str]:
    """A name that was never one of a queue is one that was mistyped."""
    for queue, to in new.policy.moved.items():
        if queue not in old.policy.queues and queue not in old.policy.moved:
            yield f"the queue {to} replaces {queue}, and no queue of that name runs"


def _calls_back(house: House, queue: QueueId) -> bool:
    rules = house.policy.queues.get(queue)
    return rules is not None and rules.callback is not None
