"""The lists of leads as campaigns ask for them: rules of a campaign and its law -> what the lists know."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, func, select

from acd.campaign import RESERVING, After, Campaign
from acd.law.calling import open_now, opens_at
from acd.law.ledger import Ledger
from acd.law.profile import DAY_S
from acd.law.profiles import DEFAULT
from acd.words import QueueId
from dialer.core.attempt import Attempt, AttemptState, Outcome
from dialer.core.called import Called
from dialer.core.events import PutBack
from dialer.core.following import INTERNAL, Tried, called_next, disposed, next_of
from dialer.core.held import Held, HeldBy
from dialer.core.pacing.pacer import Kept
from dialer.core.run import Run, RunState
from dialer.core.said import Said
from dialer.lists import claiming, finishing, held
from dialer.lists.called_us import called_us, tried_of
from dialer.lists.calling import claim_number
from dialer.lists.claimed import Claimed, Finish, Taking
from dialer.lists.disposing import dispose, who_talked
from dialer.lists.do_not_call import add, stale
from dialer.lists.held import Holding
from dialer.lists.held_said import why_none
from dialer.lists.numbering import Number, Window
from dialer.lists.schema import do_not_call_files, lead_numbers, leads, ledger, windows
from dialer.lists.splitting import lists_of
from dialer.lists.store import LeadStore
from dialer.live.leads import Given, asked_lists, lists_of_countries

LEASE_S = 3600.0
LEDGER_S = 32 * DAY_S
"""Longer than the longest period of any law."""
NATIONAL = "national:"
Known = tuple[str, str, tuple[str, ...]]
"""A window: its id, its country and its zones."""
QUEUE = "queue/"
"""What pacers have learnt is kept by queue, beside what is kept by campaign."""


def new_id() -> str:
    return uuid4().hex


class KeptLeads:
    """``zone()``: by whose clock a campaign's day is counted."""

    def __init__(self, store: LeadStore, zone: Callable[[], str]) -> None:
        self._store, self._zone = store, zone
        self._opened = False

    # -- after a start ---

    def put_back(self, at: float) -> PutBack:
        if not self._opened:
            self._store.open()
            self._opened = True
        with self._store.begin() as connection:
            learnt = finishing.kept(connection, "learnt")
            return PutBack(
                at=at,
                runs=tuple(_run(id, kept) for id, kept in finishing.kept(connection, "state").items()),
                open=tuple(_attempt(connection, row) for row in finishing.open_attempts(connection)),
                ledgers=_ledgers(connection, at),
                learnt={QueueId(key.removeprefix(QUEUE)): kept for key, kept in learnt.items() if key.startswith(QUEUE)},
            )

    # -- taking ---

    def claim(self, rules: Campaign, n: int, at: float, agents: tuple[str, ...] = ()) -> Given:
        with self._store.begin() as connection:
            taking = self._taking(connection, rules, at)
            if why := stale(connection, taking, at):
                return Given(attempts=(), held=Held(by=HeldBy.DO_NOT_CALL, why=why))
            known = list(claiming.known_windows(connection))
            open_ones = [id for id, country, zones in known if _is_open(rules, country, zones, at)]
            old = _listed_too_long_ago(connection, taking, known, at)
            may = [id for id in open_ones if id not in old]
            found = claiming.claim(connection, taking, n, at, may, new_id, agents) if agents else []
            found += claiming.claim(connection, taking, n - len(found), at, may, new_id)
            given = tuple(_claimed(each, at) for each in found)
            if len(given) == n:
                return Given(attempts=given)
            holding = held.held(connection, taking, at, open_ones, held.MOST_COUNTED, opens=_opening(rules, known, at), old=old)
            again_at = _again_at(connection, rules, lists_of(connection, rules.lists, rules.id), known, set(open_ones), at)
            return Given(attempts=given, again_at=again_at, held=why_none(holding, self._zone()))

    def claim_number(self, rules: Campaign, attempt: Attempt, at: float) -> Attempt:
        number = Number(attempt.number, Window(attempt.country, attempt.zones))
        with self._store.begin() as connection:
            found = claim_number(
                connection,
                self._taking(connection, rules, at),
                number,
                at,
                lambda country, zones: open_now(rules.profile, zones, at, country, rules.local_hours),
                attempt.id,
            )
            return _claimed(found, at)

    def _taking(self, connection: Connection, rules: Campaign, at: float) -> Taking:
        since, until = day_of(at, self._zone())
        imported = national(connection)
        caps = rules.caps
        return Taking(
            campaign=rules.id,
            lists=lists_of(connection, rules.lists, rules.id),
            replaces=rules.replaces,
            day_since=since,
            day_until=until,
            lead_per_day=caps.lead_per_day,
            lead_total=caps.lead_total,
            number_per_day=_lower(caps.number_per_day, rules.profile.per_day),
            number_total=caps.number_total,
            national=asked_lists(rules, imported),
            of_country=lists_of_countries(rules, imported),
            any_of=tuple(sorted(imported)) if rules.profile.dnc_needed and rules.law == DEFAULT else (),
            fresh_s=rules.profile.dnc_fresh_s if rules.profile.dnc_needed else None,
            chance=rules.chance,
            reserves=rules.mode in RESERVING,
            lease_s=LEASE_S,
        )

    def why_not(self, attempt: Attempt, rules: Campaign, at: float) -> str:
        with self._store.begin() as connection:
            return finishing.may_still_be_dialled(connection, attempt.id, self._taking(connection, rules, at), at, attempt.country)

    def held(self, rules: Campaign, at: float) -> Holding:
        """How many of its leads are held by what, each counted up to a bound."""
        with self._store.begin() as connection:
            taking = self._taking(connection, rules, at)
            known = list(claiming.known_windows(connection))
            open_ones = [id for id, country, zones in known if _is_open(rules, country, zones, at)]
            old = _listed_too_long_ago(connection, taking, known, at)
            return held.held(connection, taking, at, open_ones, opens=_opening(rules, known, at), old=old)

    # -- what came of it ---

    def answered(self, attempt: Attempt) -> None:
        assert attempt.answered_at is not None
        with self._store.begin() as connection:
            finishing.answered(connection, attempt.id, attempt.answered_at)

    def opted_out(self, attempt: Attempt) -> None:
        assert attempt.opted_out_at is not None
        with self._store.begin() as connection:
            add(connection, [attempt.number], INTERNAL, source=f"attempt {attempt.id}", at=attempt.opted_out_at)

    def finish(self, attempt: Attempt, rules: Campaign) -> None:
        assert attempt.outcome is not None and attempt.ended_at is not None
        with self._store.begin() as connection:
            said = {"opted_out": attempt.opted_out_at is not None, "is_passed_on": attempt.is_passed_on}
            next = next_of(rules, attempt.outcome, _tried(connection, attempt), attempt.ended_at, **said)
            finishing.finish(
                connection,
                Finish(
                    attempt=attempt.id,
                    outcome=attempt.outcome.value,
                    at=attempt.ended_at,
                    next=next,
                    rang=attempt.outcome not in (Outcome.RETURNED, Outcome.REFUSED),
                    answered_at=attempt.answered_at,
                    bridged_at=attempt.bridged_at,
                    abandoned_at=attempt.abandoned_at,
                    cause=attempt.cause or attempt.why,
                    sip_status=attempt.sip_status,
                    agent=attempt.agent or None,
                ),
            )

    def dispose(self, said: Said, rules: Campaign) -> bool:
        with self._store.begin() as connection:
            agent = who_talked(connection, said.attempt)
            next = disposed(rules, said.disposition, said.at, said.call_at, agent, no_more=said.no_more)
            return dispose(connection, said.attempt, said.disposition, next, said.at)

    def called(self, called: Called, rules: Campaign) -> bool:
        with self._store.begin() as connection:
            if called.disposition and rules.after(called.disposition).then is After.DO_NOT_CALL:
                add(connection, [called.number], INTERNAL, source=f"call {called.call}", at=called.at)
            return called_us(connection, rules.lists, called, partial(called_next, rules, called))

    def renew(self, attempts: tuple[str, ...], at: float) -> None:
        with self._store.begin() as connection:
            finishing.renew(connection, attempts, at + LEASE_S)
            finishing.expire(connection, at)

    def listed(self) -> Mapping[str, float]:
        with self._store.begin() as connection:
            rows = connection.execute(select(do_not_call_files.c.scope, do_not_call_files.c.dated_at)).all()
        return {scope.removeprefix(NATIONAL): dated_at for scope, dated_at in rows if scope.startswith(NATIONAL)}

    def keep_run(self, run: Run) -> None:
        kept = {"state": run.state.value, "since": run.since, "by": run.by, "why": run.why}
        with self._store.begin() as connection:
            finishing.keep(connection, "state", run.campaign, kept)

    def keep_learnt(self, queue: QueueId, found: Mapping[str, Kept]) -> None:
        with self._store.begin() as connection:
            finishing.keep(connection, "learnt", f"{QUEUE}{queue}", found)


# -- rows as records -------------------------------------------------------------------------------------------------------


def _run(campaign: str, kept: Mapping[str, object]) -> Run:
    since = kept.get("since")
    return Run(
        campaign=campaign,
        state=RunState(str(kept["state"])),
        since=float(since) if isinstance(since, int | float) else 0.0,
        by=str(kept.get("by", "")),
        why=str(kept.get("why", "")),
    )


def _attempt(connection: Connection, row: Mapping[str, object]) -> Attempt:
    """As far as it is stored: taken, or answered."""
    at = float(str(row["at"]))
    window = _window(connection, str(row["lead"]), str(row["number"]))
    found = Attempt(
        id=str(row["id"]),
        campaign=str(row["campaign"]),
        lead=int(str(row["lead"])),
        number=str(row["number"]),
        claimed_at=at,
        zones=tuple(window["zones"]) if window else (),
        country=window["country"] if window else "",
    )
    if row["answered_at"] is None:
        return found
    return found.move(AttemptState.ASKED, asked_at=at).move(AttemptState.ANSWERED, answered_at=float(str(row["answered_at"])))


def _window(connection: Connection, lead: str, number: str) -> RowMapping | None:
    joined = lead_numbers.join(windows, lead_numbers.c.window == windows.c.id)
    asked = select(windows).select_from(joined).where(lead_numbers.c.lead == int(lead), lead_numbers.c.number == number)
    return connection.execute(asked).mappings().first()


def _claimed(found: Claimed, at: float) -> Attempt:
    return Attempt(
        id=found.attempt,
        campaign=found.campaign,
        lead=found.lead,
        number=found.number,
        claimed_at=at,
        zones=found.zones,
        country=found.country,
        promised_by=found.agent or "",
        needs_agent=found.needs_agent,
        tags={**_fields(found.fields), "lead": str(found.lead), "lead_key": found.key, "lead_name": found.name},
    )


def _fields(fields: Mapping[str, str]) -> dict[str, str]:
    return {f"lead_{name}": str(value) for name, value in fields.items()}


def _tried(connection: Connection, attempt: Attempt) -> Tried:
    lead = connection.execute(select(leads).where(leads.c.id == attempt.lead)).mappings().one_or_none()
    count = connection.scalar(select(func.count()).select_from(lead_numbers).where(lead_numbers.c.lead == attempt.lead))
    if lead is None:
        return Tried(attempts=1, turn=0, numbers=1, zones=attempt.zones)
    return tried_of(lead, int(count or 1), attempt.zones)


def _ledgers(connection: Connection, at: float) -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for campaign in connection.scalars(select(ledger.c.campaign).distinct()).all():
        rows = finishing.counted(connection, [campaign], at - LEDGER_S)
        whole = Ledger(periods_s=(LEDGER_S,), limit=0.0)
        whole.add((second // 60, answered, abandoned) for second, answered, abandoned in rows)
        found[campaign] = whole.kept()
    return found


# -- when, and by which law ---------------------------------------------------------------------------------------------------


def national(connection: Connection) -> tuple[str, ...]:
    """The names of the lists that were imported."""
    scopes = connection.scalars(select(do_not_call_files.c.scope)).all()
    return tuple(scope.removeprefix(NATIONAL) for scope in scopes if scope.startswith(NATIONAL))


def _listed_too_long_ago(connection: Connection, taking: Taking, known: Sequence[Known], at: float) -> set[str]:
    """Windows of countries whose own do-not-call list is too old."""
    stale_ones = {country for country in {country for _, country, _ in known} if stale(connection, taking, at, country)}
    return {id for id, country, _ in known if country in stale_ones}


def _is_open(rules: Campaign, country: str, zones: tuple[str, ...], at: float) -> bool:
    return open_now(rules.profile, zones, at, country, rules.local_hours) is True


def _opening(rules: Campaign, known: Sequence[Known], at: float) -> held.Opens:
    places = {id: (country, zones) for id, country, zones in known}

    def opens(window: str) -> float | None:
        country, zones = places[window]
        return opens_at(rules.profile, zones, at, country, rules.local_hours)

    return opens


def _again_at(
    connection: Connection, rules: Campaign, list_ids: Sequence[str], known: Sequence[Known], open_ones: set[str], at: float
) -> float | None:
    """The next whose time comes, or the next window with somebody in it that opens; whichever is first."""
    moments: list[float | None] = []
    for name in list_ids:
        waiting = (leads.c.list == name) & (leads.c.state == "waiting")
        for why in claiming.WAITS_FOR:
            moments.append(connection.scalar(select(func.min(leads.c.ready_at)).where(waiting, leads.c.why == why)))
        for id, country, zones in known:
            if id not in open_ones and _anybody(connection, name, id):
                moments.append(opens_at(rules.profile, zones, at, country, rules.local_hours))
    return min((max(at, each) for each in moments if each is not None), default=None)


def _anybody(connection: Connection, name: str, window: str) -> bool:
    asked = select(leads.c.id).where(leads.c.list == name, leads.c.state == "ready", leads.c.window == window).limit(1)
    return connection.execute(asked).first() is not None


def day_of(at: float, zone: str) -> tuple[float, float]:
    """When the day began by that clock, and when the next one does."""
    local = datetime.fromtimestamp(at, ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return local.timestamp(), (local + timedelta(days=1)).timestamp()


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
