"""Those who call the soaked house: what each does, by the seed, and what became of each by what their own telephone saw."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

QUEUE, MENU, CODE, BACK = "200", "100", "300", "900"
"""Numbers of the house: straight into the line, a menu before it, four digits to type, asks to be called back."""
FIRST = 300_000
GIVES_UP_S = 30
"""So long a caller whom nobody answers lets it ring."""
SAID = re.compile(r"^(\+4930\d{6}): (.*)$", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Caller:
    number: str
    dials_at: float  # planned, by the soak's clock; a busy machine is late
    pressing: bool = False
    dialled: bool = False
    answered: bool = False
    status: int = 0
    is_over: bool = False

    @property
    def told(self) -> str:
        """What the telephone shows of it afterwards."""
        if not self.dialled:
            return "never dialled"
        if self.answered:
            return "answered"
        return f"refused with {self.status}" if self.status not in (0, 487) else "gave up unanswered"


def invite(dice: Random, first: int, rate: float, chunk_s: float) -> Iterator[dict[str, Any]]:
    """Everybody who calls within the next ``chunk_s``, as the telephones' file wants them."""
    at = 0.0
    while (at := at + dice.expovariate(rate / 60)) < chunk_s:
        stays = min(80.0, dice.expovariate(1 / 25))
        dial = dice.choices((QUEUE, MENU, CODE, BACK), (10, 5, 2, 2))[0]
        wait = {"wait": round(dice.uniform(0.2, 4), 1)}
        steps = [{"wait_answered": GIVES_UP_S}, *_presses(dice, dial, wait), {"hang_up": round(stays, 1)}]
        yield {"user": f"+4930{FIRST + first:06d}", "dial": dial, "after": round(at, 1), "steps": steps}
        first += 1


def _presses(dice: Random, dial: str, wait: dict[str, Any]) -> list[dict[str, Any]]:
    if dial == MENU:
        return [wait, {"press": "1"}]
    if dial == BACK:
        return [{"wait": 2.5}, {"press": "1"}]
    if dial == CODE:  # two digits, a pause in which anybody may die, two more
        return [wait, {"press": "12"}, wait, {"press": "34"}]
    return [wait, {"press": dice.choice("159")}] if dice.random() < 0.2 else []


def hear(callers: Iterable[Caller], logs: Iterable[str]) -> None:
    """What the telephones said, into their callers."""
    known = {caller.number: caller for caller in callers}
    for log in logs:
        for number, what in SAID.findall(log):
            caller = known[number]
            if what == "dials":
                caller.dialled = True
            elif what == "answered":
                caller.answered = True
            elif what.startswith("over: "):
                caller.is_over = True
                caller.status = int(what.rpartition(" ")[2])


def account(
    callers: Iterable[Caller], contacts: Counter[str], taken: int, troubled: Iterable[tuple[float, float]]
) -> tuple[Counter[str], list[str]]:
    """What became of everybody, and what cannot be so.

    ``contacts`` are the calls in the records, by number; ``taken`` is how many the fail-safe took while nobody was there;
    ``troubled`` is when something was broken: only then may a caller go without leaving a record.
    """
    figures, wrong, troubles = Counter[str](), list[str](), list(troubled)
    for caller in callers:
        recorded = contacts.pop(caller.number, 0)
        figures[caller.told + ("" if recorded or not caller.dialled else ", no record")] += 1
        if recorded > 1:
            wrong.append(f"W1: {caller.number} called once and is in {recorded} records")
        if recorded or not caller.dialled:
            continue
        if caller.answered:
            taken -= 1
        elif not any(since - 5 < caller.dials_at + GIVES_UP_S + 10 and caller.dials_at - 5 < until for since, until in troubles):
            wrong.append(f"W1: {caller.number} {caller.told} in a quiet time, and is in no record")
    if taken < 0:
        wrong.append(f"W1: {-taken} more were answered than the records and the fail-safe know of")
    wrong += [f"W1: nobody called from {number}" for number in contacts]
    return figures, wrong
