"""What is wrong with the queues of ``acd.yaml``, each by itself and beside each other."""

from collections.abc import Iterator, Mapping

from acd.config.configuration import Configuration
from acd.config.document import Document, Problem
from acd.config.recipe_shapes import names
from acd.config.replaced import replaced_problems
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, QueueShape
from acd.core.lines.recipe import Announce, Offer, Recipe
from acd.core.media import Recorded
from acd.words import QueueId

Path = tuple[str | int, ...]
Way = tuple[Path, str]
"""Where in the file a queue names another one as the next, and which."""


def queue_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    queues = {id: queue or QueueShape() for id, queue in shape.queues.items()}
    for id, queue in queues.items():
        yield from _hours(shape, document, id, queue)
        yield from _recipes(shape, document, id, queue)
    yield from replaced_problems("queues", "queue", {id: queue.replaces for id, queue in queues.items()}, document)
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


def moved(shape: AcdShape) -> dict[QueueId, QueueId]:
    """Each name that is no queue any more -> the queue in its place."""
    return {QueueId(old): QueueId(id) for id, queue in shape.queues.items() if queue is not None for old in queue.replaces}


def _recipes(shape: AcdShape, document: Document, id: str, queue: QueueShape) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, (name, recipe) in enumerate(zip(names(queue.recipes), queue.recipes, strict=True)):
        path: Path = ("queues", id, "recipes", n)
        if name in seen:
            yield document.problem((*path, "name"), f"a recipe before this one is called {name!r} already")
        seen.add(name)
        when = recipe.when
        if when.hours and when.hours[0] not in shape.calendars:
            what = unknown("calendar", when.hours[0], sorted(shape.calendars))
            yield document.problem((*path, "when", "hours"), what)
        if when.between is not None and not when.zone and queue.hours is None:
            what = "between needs 'zone', a time zone such as Europe/Berlin (or the queue needs 'hours', whose zone it is)"
            yield document.problem((*path, "when", "between"), what)


def recipes_of(queue: QueueShape, shape: AcdShape) -> tuple[Recipe, ...]:
    zone = shape.calendars[queue.hours].zone if queue.hours else ""
    return tuple(one.recipe(n, shape.speech.language, zone) for n, one in enumerate(queue.recipes, start=1))


def heard_problems(configuration: Configuration, recordings: frozenset[str], flows: set[str]) -> Iterator[Problem]:
    """Recipes that announce what is not recorded, or offer a flow that is not there."""
    document = configuration.document
    for id, queue in configuration.policy.queues.items():
        for n, recipe in enumerate(queue.recipes):
            for i, one in enumerate(recipe.do):
                path: Path = ("queues", id, "recipes", n, "do", i)
                if isinstance(one, Offer) and one.flow not in flows:
                    yield document.problem((*path, "offer"), unknown("flow", one.flow, sorted(flows)))
                for part in one.media if isinstance(one, Announce) else ():
                    if isinstance(part, Recorded) and not {part.name, f"{part.language}/{part.name}"} & recordings:
                        known = sorted({name.rpartition("/")[2] for name in recordings})
                        yield document.problem((*path, "announce"), unknown("recording", part.name, known))


def _ways(id: str, queue: QueueShape) -> Iterator[Way]:
    yield from ((("queues", id, "overflow", exit), to) for exit, to in queue.overflow.ways.items())
    for n, recipe in enumerate(queue.recipes):
        for i, one in enumerate(recipe.do):
            if one.overflow:
                yield ("queues", id, "recipes", n, "do", i, "overflow"), one.overflow


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
