"""A scenario: a file that says who calls, how they talk and wait, and who is staffed when; made into experiments, one for each day.

Raises Refused with file, line and column for everything that is wrong, also against the configuration it is simulated with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from acd.config.document import Document, Problem, Refused, read_file, validate
from acd.config.sentences import unknown
from acd.core.interpreter import EnterQueue
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.sim.dice import NEVER, Draw, Empirical, Exponential, Fixed, Gamma, Lognormal
from acd.sim.experiment import Arrivals, Experiment, Given, Poisson, Shift, Stream
from acd.sim.offered import Offered
from acd.sim.phones import Manners
from acd.sim.shapes import ArrivalsShape, CallersShape, DrawShape, OfferedShape, ScenarioShape, StaffShape
from acd.sim.unoffered import unoffered
from acd.words import AgentId, PhoneId, QueueId

A_MONDAY = date(2026, 1, 5)
FROM, UNTIL = 8 * 60, 18 * 60
KINDS = ("fixed", "exponential", "lognormal", "gamma", "file", "never")
LINES_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    shape: ScenarioShape
    document: Document
    folder: Path

    def at(self, day: int, minutes: int = 0) -> float:
        """A local time of one of its days, in seconds since the epoch."""
        date = (self.shape.date or A_MONDAY) + timedelta(days=day + minutes // 1440)
        return datetime.combine(date, time(minutes % 1440 // 60, minutes % 60), ZoneInfo(self.shape.zone)).timestamp()

    def experiment(self, policy: Policy, day: int = 0) -> Experiment:
        """The day's experiment with these rules. Raises Refused where the scenario does not fit them."""
        return _Builder(self, policy, day).experiment()

    def fits(self, policies: Sequence[Policy]) -> None:
        """Raises Refused where a callback would be offered by none of the configurations that are simulated: a slip, surely."""
        problems = []
        for id, callers in self.shape.queues.items():
            queues = [policy.queues[name] for policy in policies if (name := QueueId(callers.queue or id)) in policy.queues]
            if callers.callback is not None and (wrong := unoffered(callers.callback, queues)):
                problems.append(self.document.problem(("queues", id, "callback", *wrong.key), wrong.what))
        if problems:
            raise Refused(problems)


def read_scenario(file: Path) -> Scenario:
    """Raises Refused."""
    document = read_file(file)
    return Scenario(shape=validate(ScenarioShape, document), document=document, folder=file.parent)


class _Builder:
    def __init__(self, scenario: Scenario, policy: Policy, day: int) -> None:
        self.scenario, self.policy, self.day = scenario, policy, day
        self.shape = scenario.shape
        self.problems: list[Problem] = []
        self.kinds = 0

    def problem(self, path: Sequence[str | int], what: str) -> None:
        self.problems.append(self.scenario.document.problem(path, what))

    def at(self, minutes: int) -> float:
        """A time of the scenario's day, in seconds since the epoch."""
        return self.scenario.at(self.day, minutes)

    def experiment(self) -> Experiment:
        shape = self.shape
        start = self.at(FROM if shape.from_ is None else shape.from_)
        end = self.at(UNTIL if shape.until is None else shape.until)
        if end <= start:
            self.problem(("until",), "the end comes after the beginning")
        begin = start - shape.warm_up
        streams = [stream for id, callers in shape.queues.items() if (stream := self.stream(id, callers, begin, end))]
        if not shape.queues:
            self.problem((), "nobody calls; queues with arrivals are needed")
        policy, shifts = self.staff(begin, end)
        phones = shape.phones
        at = ("phones",)
        manners = Manners(
            answer=self.draw(phones.answer, (*at, "answer")), missed=phones.missed, back=self.draw(phones.back, (*at, "back"))
        )
        if self.problems:
            raise Refused(self.problems)
        return Experiment(
            policy=policy,
            shifts=shifts,
            streams=streams,
            manners=manners,
            begin=begin - 1.0,
            start=start,
            end=end,
            interval_s=shape.interval,
        )

    # -- callers -------------------------------------------------------------------------------------------------------

    def stream(self, id: str, callers: CallersShape, begin: float, end: float) -> Stream | None:
        path, queue = ("queues", id), QueueId(callers.queue or id)
        if queue not in self.policy.queues:
            self.problem((*path, "queue") if callers.queue else path, unknown("queue", queue, sorted(self.policy.queues)))
            return None
        arrivals: Arrivals = Given(())
        if callers.arrivals is not None:
            arrivals = self.arrivals(callers.arrivals, (*path, "arrivals"), begin, end)
        redials, offered = callers.redials, None
        if callers.callback is not None:
            offered = self.offered(callers.callback, (*path, "callback"), self.policy.queues[queue])
        made = Stream(
            name=id,
            ask=EnterQueue(queue=queue, priority=callers.priority, requires=callers.requires),
            arrivals=arrivals,
            talk=self.draw(callers.talk, (*path, "talk")),
            patience=self.draw(callers.patience, (*path, "patience")),
            wrap_up=self.draw(callers.wrap_up, (*path, "wrap_up")) if callers.wrap_up else None,
            offered=offered,
        )
        if redials is None:
            return made
        after = self.draw(redials.after, (*path, "redials", "after"))
        return replace(made, redials=redials.share, redial_after=after, redials_max=redials.most)

    def offered(self, shape: OfferedShape, path: tuple[str, ...], queue: QueuePolicy) -> Offered:
        """Where the queue calls nobody back nobody takes it; they are the same callers all the same."""
        if shape.missed + shape.refused > 1:
            self.problem(path, "missed and refused are shares of the same calls: together at most 100%")
        self.kinds += 1
        return Offered(
            share=shape.share if queue.callback is not None else 0.0,
            answer=self.draw(shape.answer, (*path, "answer")),
            missed=shape.missed,
            refused=shape.refused,
            after=self.draw(shape.after, (*path, "after")) if shape.after else None,
            flow=shape.flow or "",
            exits=tuple(shape.exits),
            prefix=f"+49{300 + self.kinds}",
        )

    def arrivals(self, shape: ArrivalsShape, path: tuple[str, ...], begin: float, end: float) -> Arrivals:
        if (shape.per_hour is None) is (shape.file is None):
            self.problem(path, "one of per_hour and file is needed")
            return Given(())
        if shape.file is not None:
            midnight = self.at(0)
            return Given(sorted(midnight + seconds for seconds in self.numbers(shape.file, (*path, "file"), clock=True)))
        assert shape.per_hour is not None
        rates = [(self.at(minutes), per_hour / 3600) for minutes, per_hour in sorted(shape.per_hour.items())]
        before = [rate for at, rate in rates if at <= begin]
        first = before[-1] if before else rates[0][1]  # before the first time that is named it is as at that time
        return Poisson(rates=[(begin, first), *(each for each in rates if begin < each[0] < end)], until=end)

    def draw(self, shape: DrawShape, path: tuple[str, ...]) -> Draw:
        given = [kind for kind in KINDS if getattr(shape, kind) is not None]
        if len(given) != 1:
            self.problem(path, f"one of {', '.join(KINDS)} is needed, here are {len(given)}")
            return NEVER
        if (shape.cv is None) is (given[0] in ("lognormal", "gamma")):
            self.problem(path, "cv (the standard deviation as a multiple of the mean) belongs to lognormal and gamma")
            return NEVER
        match given[0]:
            case "fixed":
                return Fixed(mean_s=shape.fixed or 0.0)
            case "exponential":
                return Exponential(mean_s=shape.exponential or 0.0)
            case "lognormal":
                return Lognormal(mean_s=shape.lognormal or 0.0, cv=shape.cv or 0.0)
            case "gamma":
                return Gamma(mean_s=shape.gamma or 0.0, cv=shape.cv or 0.0)
            case "file":
                values = self.numbers(shape.file or "", (*path, "file"))
                return Empirical(values) if values else NEVER
        return NEVER

    def numbers(self, name: str, path: tuple[str, ...], *, clock: bool = False) -> list[float]:
        """One number of seconds a line, ``inf`` too; with ``clock`` a time of day (``9:05:30``) will do."""
        file, found = self.scenario.folder / name, list[float]()
        try:
            lines = file.read_text(encoding="utf-8").splitlines()[:LINES_MAX]
        except (OSError, UnicodeDecodeError) as error:
            self.problem(path, f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}")
            return []
        for n, line in enumerate(lines, 1):
            text = line.partition(",")[0].strip()
            value = seconds_of(text, clock=clock)
            if value is not None:
                found.append(value)
            elif text and n > 1:  # the first line may be a heading
                self.problems.append(
                    Problem(file=str(file), line=n, column=1, what=f"found {text[:40]!r}; a number of seconds is needed")
                )
        if not found:
            self.problem(path, f"{file} holds no number")
        return found

    # -- staff ---------------------------------------------------------------------------------------------------------

    def staff(self, begin: float, end: float) -> tuple[Policy, list[Shift]]:
        """Everybody in the configuration all day, or those who are named; who is only counted is added to the configuration."""
        if self.shape.staff is None:
            return self.policy, [Shift(agent=id, start=begin) for id in self.policy.agents]
        agents, shifts = dict(self.policy.agents), list[Shift]()
        for n, staff in enumerate(self.shape.staff):
            start = begin if staff.from_ is None else self.at(staff.from_)
            until = end + 3600.0 if staff.until is None else self.at(staff.until)  # whoever stays to the end serves the last
            breaks = tuple((self.at(away), self.at(back)) for away, back in staff.breaks)
            for who in self.who(n, staff):
                agents[who.id] = replace(who, skills=staff.skills) if staff.skills else who
                shifts.append(Shift(agent=who.id, start=start, end=until, breaks=breaks))
        return replace(self.policy, agents=agents, agent_of_phone={p: a.id for a in agents.values() for p in a.devices}), shifts

    def who(self, n: int, staff: StaffShape) -> Iterator[AgentPolicy]:
        path = ("staff", n)
        given = [kind for kind in ("agent", "like", "queues") if getattr(staff, kind) is not None]
        if len(given) != 1:
            return self.problem(path, "one of agent, like and queues is needed")
        for id in staff.queues or ():
            if QueueId(id) not in self.policy.queues:
                self.problem((*path, "queues"), unknown("queue", id, sorted(self.policy.queues)))
        name = staff.agent or staff.like
        model = self.policy.agents.get(AgentId(name)) if name else None
        if name and model is None:
            return self.problem((*path, given[0]), unknown("agent", name, sorted(self.policy.agents)))
        if staff.agent and model is not None:
            yield model
            return
        for k in range(staff.count):
            id, phone = AgentId(f"staff{n + 1}-{k + 1}"), PhoneId(f"sim-{n + 1}-{k + 1}")
            if model is not None:
                yield replace(model, id=id, phone=phone, phones=())
            else:
                yield AgentPolicy(id=id, name=id, phone=phone, queues=tuple(QueueId(q) for q in staff.queues or ()))


def seconds_of(text: str, *, clock: bool) -> float | None:
    """``9:05``, ``9:05:30`` and ``545.5`` as seconds; None when it is none of them."""
    parts = text.split(":") if clock else [text]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if min(numbers) < 0 or len(parts) > 3:
        return None
    return sum(number * unit for number, unit in zip(numbers, (3600.0, 60.0, 1.0), strict=False)) if len(parts) > 1 else numbers[0]
