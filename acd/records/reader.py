"""Reads the tables for people: the command line and reports. Opens the database read only; blocking, so never for the hub."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, Select, and_, create_engine, make_url, or_, select
from sqlalchemy.exc import DBAPIError

from acd.core.outside.callback import NEVER_CAME_ABOUT
from acd.records.attempts import are_there, beginning_with, of_ids
from acd.records.rows import Row
from acd.records.schema import (
    agent_activities,
    callbacks,
    contacts,
    dialled_calls,
    messages,
    monitors,
    offers,
    outbound_calls,
    queue_visits,
    recordings,
    survey_answers,
    wrap_ups,
)
from acd.words import DESK_LOST

LINKED_MAX = 100
BESIDE_S = 86400.0
"""A visit that began longer before this one is not looked for."""


class NoRecords(Exception):
    """There is nothing to read, and why."""


class Reader:
    def __init__(self, url: str) -> None:
        """Raises NoRecords when the database is not there."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        path = Path(self.url.database or "")
        if self.is_sqlite and not path.is_file():
            raise NoRecords(f"no records yet: {path} does not exist (acd run makes it)")
        try:
            self._connection = self._connect(path)
        except DBAPIError as error:
            raise NoRecords(f"{self.url.render_as_string(hide_password=True)}: {error.orig}") from None

    def _connect(self, path: Path) -> Connection:
        if self.is_sqlite:
            uri = f"{path.absolute().as_uri()}?mode=ro"
            return create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True, timeout=5.0), poolclass=NullPool).connect()
        arguments = {"connect_timeout": 5, "options": "-c default_transaction_read_only=on -c statement_timeout=30000"}
        return create_engine(self.url.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args=arguments).connect()

    def close(self) -> None:
        self._connection.close()

    def calls(self, *, since: float | None = None, queue: str = "", outcome: str = "", caller: str = "", limit: int = 50) -> list[Row]:
        """The newest contacts first, each with its last queue visit (None where it never waited)."""
        of_theirs = queue_visits.alias("of_theirs")
        newest = select(of_theirs.c.id).where(of_theirs.c.contact == contacts.c.id)
        last = newest.order_by(of_theirs.c.joined_at.desc(), of_theirs.c.id.desc()).limit(1).scalar_subquery()
        of_visit = [queue_visits.c[name] for name in ("queue", "outcome", "waited_s", "talk_s")]
        beside = contacts.outerjoin(queue_visits, queue_visits.c.id == last)
        query = select(contacts, *of_visit, queue_visits.c.agent.label("served_by")).select_from(beside)
        if since is not None:
            query = query.where(contacts.c.arrived_at >= since)
        if queue:
            query = query.where(queue_visits.c.queue == queue)
        if outcome:
            query = query.where(queue_visits.c.outcome == outcome)
        if caller:
            query = query.where(contacts.c.caller_number.contains(caller, autoescape=True))
        return self._rows(query.order_by(contacts.c.arrived_at.desc(), contacts.c.id).limit(limit))

    def story(self, contact: str) -> dict[str, Any] | None:
        """All rows of one contact; None when there is no such contact. A beginning of the id is enough where it is unique."""
        found = self._rows(select(contacts).where(contacts.c.id == contact)) or self._beginning_with(contact)
        if len(found) != 1:
            return None
        return {"contact": found[0], **self.of_contact(found[0]["id"])}

    def of_contact(self, id: str) -> dict[str, Any]:
        """What has ended of a contact that may still go on: its visits, its offers, and what came of them."""
        dialled = self._rows(select(dialled_calls).where(dialled_calls.c.contact == id).order_by(dialled_calls.c.at))
        theirs = self._rows(select(offers).where(offers.c.contact == id).order_by(offers.c.offered_at))
        activities = select(agent_activities).where(agent_activities.c.offer.in_([offer["id"] for offer in theirs]))
        again = select(contacts.c.id, contacts.c.arrived_at).where(contacts.c.linked_to == id).order_by(contacts.c.arrived_at)
        lost, theirs_too = agent_activities.alias("lost"), agent_activities.c
        after = (lost.c.agent == theirs_too.agent, lost.c.since == theirs_too.until, lost.c.reason == DESK_LOST)
        desks = select(lost).join(agent_activities, and_(*after)).where(theirs_too.offer.in_([offer["id"] for offer in theirs]))
        return {
            "again": self._rows(again),
            "desks": self._rows(desks.distinct().order_by(lost.c.since)),
            "dialled": dialled,
            "attempts": self.kept_of([one["id"] for one in dialled]),
            "visits": self._rows(select(queue_visits).where(queue_visits.c.contact == id).order_by(queue_visits.c.joined_at)),
            "offers": theirs,
            "activities": self._rows(activities.order_by(agent_activities.c.since)),
            "messages": self._rows(select(messages).where(messages.c.contact == id).order_by(messages.c.left_at)),
            "outside": self._rows(select(outbound_calls).where(outbound_calls.c.contact == id).order_by(outbound_calls.c.at)),
            "monitors": self._rows(select(monitors).where(monitors.c.contact == id).order_by(monitors.c.begun_at)),
            "recordings": self._rows(select(recordings).where(recordings.c.contact == id).order_by(recordings.c.started_at)),
            "wrap_ups": self._rows(select(wrap_ups).where(wrap_ups.c.contact == id)),
            "answers": self._rows(select(survey_answers).where(survey_answers.c.contact == id)),
            "callbacks": self._rows(select(callbacks).where(or_(callbacks.c.contact == id, callbacks.c.callback == id))),
        }

    def attempt(self, id: str) -> dict[str, Any] | None:
        """What a campaign and the house know of one attempt; None when there is none. The beginning of its id is enough."""
        rows = dialled_calls.c.id
        found = self._rows(select(dialled_calls).where(rows == id))
        found = found or self._rows(select(dialled_calls).where(rows.startswith(id, autoescape=True)).limit(2))
        kept = self.kept_of([one["id"] for one in found] or [id])
        if not found and not kept and self._has_attempts():
            kept = self._rows(beginning_with(id))
        ids = {one["id"] for one in (*found, *kept)}
        return {"attempts": kept, "dialled": found} if len(ids) == 1 else None

    def kept_of(self, ids: Sequence[str]) -> list[Row]:
        """What campaigns keep of attempts."""
        return self._rows(of_ids(ids)) if ids and self._has_attempts() else []

    def _has_attempts(self) -> bool:
        with self._told():
            return are_there(self._connection)

    def linked(self, contact: str) -> list[str]:
        """The contacts of the same need, in the order of time: who called again and took the place of an earlier call, and so on."""
        known, new = {contact}, [contact]
        while new:
            either = or_(contacts.c.linked_to.in_(new), contacts.c.id.in_(new))
            found = {id for row in self.tuples(select(contacts.c.id, contacts.c.linked_to).where(either)) for id in row if id}
            new = [*(found - known)][:LINKED_MAX]
            known.update(new)
        when = select(contacts.c.id).where(contacts.c.id.in_(known)).order_by(contacts.c.arrived_at)
        return [id for (id,) in self.tuples(when)]

    def activities(self, agents: Sequence[str], since: float, until: float) -> list[Row]:
        """What these agents did within a time."""
        columns = [agent_activities.c[name] for name in ("agent", "state", "reason", "since", "until")]
        there = or_(agent_activities.c.until.is_(None), agent_activities.c.until > since)
        query = select(*columns).where(agent_activities.c.agent.in_(agents), agent_activities.c.since < until, there)
        return self._rows(query)

    def lived(self, since: float, until: float) -> tuple[list[Row], list[Row], list[Row]]:
        """The ended visits that began within a time, their offers, and what all agents did meanwhile: for ``acd replay``."""
        of = queue_visits.c
        began = (of.joined_at >= since, of.joined_at < until, of.ended_at.is_not(None))
        visits = self._rows(select(queue_visits).where(*began).order_by(of.joined_at, of.id))
        columns = [offers.c[name] for name in ("id", "visit", "agent", "outcome", "ring_s")]
        theirs = select(*columns).join(queue_visits, of.id == offers.c.visit).where(*began, offers.c.outcome.is_not(None))
        activity = agent_activities.c
        there = or_(activity.until.is_(None), activity.until > since)
        did = select(agent_activities).where(activity.since < until, there).order_by(activity.since, activity.id)
        return visits, self._rows(theirs.order_by(offers.c.offered_at, offers.c.id)), self._rows(did)

    def beside(self, visit: Row, until: float) -> list[Row]:
        """The visits of the same queue that were under way while this one waited, as far as they have ended."""
        names = ("id", "joined_at", "carried_s", "priority", "connected_at", "ended_at")
        at = queue_visits.c
        overlap = (at.joined_at < until, at.joined_at > visit["joined_at"] - BESIDE_S, at.ended_at >= visit["joined_at"])
        return self._rows(select(*(at[name] for name in names)).where(at.queue == visit["queue"], *overlap))

    def _beginning_with(self, start: str) -> list[Row]:
        return self._rows(select(contacts).where(contacts.c.id.startswith(start, autoescape=True)).limit(2))

    def steps(self, flow: str, since: float) -> Counter[tuple[str, str]]:
        """How many callers since then left each step of a flow by each exit; by '' those whose call ended there."""
        counted: Counter[tuple[str, str]] = Counter()
        query = select(contacts.c.path).where(contacts.c.arrived_at >= since).execution_options(yield_per=1000)
        for row in self._each(query):
            counted.update((step["step"], step["exit"]) for step in row["path"] if step["flow"] == flow)
        return counted

    def callbacks(self, *, queue: str = "", closed: bool = False) -> list[Row]:
        """Who waits to be called back, in the order of their places. Asked twice for one queue, a number stands there once,
        with its earliest place (ACD.md 74)."""
        query = select(callbacks).order_by(callbacks.c.priority.desc(), callbacks.c.since, callbacks.c.id)
        if not closed:
            query = query.where(callbacks.c.closed_at.is_(None), callbacks.c.ended_at.is_(None))
        found = self._rows(query.where(callbacks.c.queue == queue) if queue else query)
        once: dict[tuple[str, str], Row] = {}
        for row in found:
            once.setdefault((row["queue"], row["number"]), row)
        return found if closed else list(once.values())

    def callbacks_over(self, since: float, until: float, queue: str = "") -> list[Row]:
        """Those that were asked for within a time and have ended, of queues that call back by themselves; in order of time."""
        of = callbacks.c
        query = select(callbacks).where(of.asked_at >= since, of.asked_at < until, of.ended_at.is_not(None))
        return self._rows((query.where(of.queue == queue) if queue else query).order_by(of.asked_at, of.id))

    def callbacks_never(self, since: float) -> list[Row]:
        """Those that were given up since then, and nobody has called by hand meanwhile."""
        of = callbacks.c
        given_up = (of.ended_at >= since, of.outcome.in_(sorted(NEVER_CAME_ABOUT)), of.closed_at.is_(None))
        return self._rows(select(callbacks).where(*given_up).order_by(of.ended_at, of.id))

    def outbound(self, *, since: float, refused: bool = False, number: str = "", limit: int = 50) -> list[Row]:
        """Calls that left the house or were refused, the newest first."""
        query = select(outbound_calls).where(outbound_calls.c.at >= since)
        query = query.where(outbound_calls.c.refused != "") if refused else query
        query = query.where(outbound_calls.c.number.contains(number, autoescape=True)) if number else query
        return self._rows(query.order_by(outbound_calls.c.at.desc(), outbound_calls.c.id).limit(limit))

    def dialled(self, *, since: float, campaign: str = "", limit: int = 50) -> list[Row]:
        """What campaigns asked to be dialled and is over, the newest first."""
        query = select(dialled_calls).where(dialled_calls.c.at >= since)
        query = query.where(dialled_calls.c.campaign == campaign) if campaign else query
        return self._rows(query.order_by(dialled_calls.c.at.desc(), dialled_calls.c.id).limit(limit))

    def answers(self, survey: str = "", since: float = 0.0) -> list[Row]:
        query = select(survey_answers).where(survey_answers.c.answered_at >= since)
        query = query.where(survey_answers.c.survey == survey) if survey else query
        return self._rows(query.order_by(survey_answers.c.survey, survey_answers.c.question, survey_answers.c.answered_at))

    def messages(self, mailbox: str = "", limit: int = 50) -> list[Row]:
        """The newest first. What stands in no mailbox (the recordings of a flow) is no message of anybody's."""
        query = select(messages).order_by(messages.c.left_at.desc()).limit(limit)
        return self._rows(query.where(messages.c.mailbox == mailbox if mailbox else messages.c.mailbox != ""))

    def recordings(
        self,
        *,
        since: float | None = None,
        queue: str = "",
        agent: str = "",
        contact: str = "",
        failed: bool = False,
        limit: int = 50,
    ) -> list[Row]:
        """The newest first, also those that run and those whose sound is deleted."""
        query = select(recordings)
        for column, value in (("queue", queue), ("agent", agent), ("contact", contact), ("outcome", "failed" if failed else "")):
            query = query.where(recordings.c[column] == value) if value else query
        if since is not None:
            query = query.where(recordings.c.started_at >= since)
        return self._rows(query.order_by(recordings.c.started_at.desc(), recordings.c.id).limit(limit))

    def recording(self, id: str) -> Row | None:
        found = self._rows(select(recordings).where(recordings.c.id == id))
        return found[0] if found else None

    def message(self, id: str) -> Row | None:
        found = self._rows(select(messages).where(messages.c.id == id))
        return found[0] if found else None

    def tuples(self, query: Select[Any]) -> Iterator[Any]:
        """Plain rows as they come, for many of them."""
        with self._told():
            yield from self._connection.execute(query.execution_options(yield_per=10_000))

    def _rows(self, query: Select[Any]) -> list[Row]:
        return list(self._each(query))

    def _each(self, query: Select[Any]) -> Iterator[Row]:
        with self._told():
            yield from (dict(row) for row in self._connection.execute(query).mappings())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            name = self.url.render_as_string(hide_password=True)
            why = (str(error.orig).splitlines() or ["?"])[0]
            raise NoRecords(f"{name} cannot be read: {why} (acd db upgrade brings it up to date)") from None
