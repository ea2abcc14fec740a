"""All definitions together, for those who look one up by its id. PURE."""

from collections.abc import Iterator
from typing import Any

from acd.measures.callbacks import CALLBACKS, SINCE, WISHES
from acd.measures.definition import Definition
from acd.measures.fairness import DEALT, FAIRNESS
from acd.measures.offers import ENDS, OFFERS
from acd.measures.promises import PROMISES
from acd.measures.repeats import REPEATS
from acd.measures.times import STATES, TIMES
from acd.measures.visits import OUTCOMES, VISITS
from acd.measures.waits import WAITS

SUBJECTS: dict[str, Any] = {
    "Queue visits": VISITS,
    "Outcomes": OUTCOMES,
    "Waits": WAITS,
    "Offers and talks": OFFERS,
    "Offers by outcome": ENDS,
    "Agents' time": TIMES,
    "Time by state": STATES,
    "Promises": PROMISES,
    "Who calls again": REPEATS,
    "Who gave up": SINCE,
    "Callbacks": CALLBACKS,
    "Who asks for a callback": WISHES,
    "Fairness": DEALT,
    "Fairness of the whole floor": FAIRNESS,
}


def every() -> Iterator[Definition[Any]]:
    for glossary in SUBJECTS.values():
        yield from glossary
