"""What is wrong with the queues of ``acd.yaml``, each by itself and beside each other."""

from collections.abc import Iterator, Mapping

from acd.config.document import Document, Problem
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, QueueShape

Path = tuple[str | int, ...]
Way = tuple[Path, str]
"""Where in the file a queue names another one as the next, and which."""


def queue_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    queues = {id: queue or QueueShape() for id, queue in shape.queues.items()}
    for id, queue in queues.items():
        yield from _hours(shape, document, id, queue)
    ways = {id: list(_ways(id, queue)) for id, queue in queues.items()}
    strange = [way for each in ways.values() for way in each if way[1] not in queues]
    yield from (document.problem(path, unknown("queue", to, sorted(queues)), value=True) for path, to in strange)
    yield from () if strange else _rounds(document, ways)


def _hours(shape: AcdShape, document: Document, id: str, queue: QueueShape) -> Iterator[Problem]:
    if queue.hours is not None and queue.hours not in shape.calendars:
        yield document.problem(("queues", id, "hours"), unknown("calendar", queue.hours, sorted(shape.calendars)))
    for key, says in (("at_close", queue.at_close == "leave"), ("overflow", queue.overflow.closed is not None)):
        if says and queue.hours is None:
            yield document.problem(("queues", id, key), "the queue has no hours, so it never closes; give 'hours', a calendar")


def _ways(id: str, queue: QueueShape) -> Iterator[Way]:
    yield from ((("queues", id, "overflow", exit), to) for exit, to in queue.overflow.ways.items())


def _rounds(document: Document, ways: Mapping[str, list[Way]]) -> Iterator[Problem]:
    """Queues that send callers round in a circle: each circle once, without recursion (ACD.md 50)."""
    done: set[str] = set()
    for root in ways:
        trail, steps = [root], [iter(ways[root])]
        while steps and root not in done:
            way = next(steps[-1], None)
            if way is None:
                done.add(trail.pop())
                steps.pop()
            elif way[1] in trail:
                circle = " -> ".join([*trail[trail.index(way[1]) :], way[1]])
                yield document.problem(way[0], f"callers would go round in a circle: {circle}", value=True)
            elif way[1] not in done:
                trail.append(way[1])
                steps.append(iter(ways[way[1]]))
