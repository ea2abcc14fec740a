"""The profiles that there are. Not legal advice: what ``checked`` does not say, counsel has to look up (docs/LAW.md).

Where the law of a place says nothing the house has a number of its own, the cautious one, and says so.
"""

from collections.abc import Mapping

from acd.law.profile import DAY_S, LawProfile, Source, by_day, same_every_day
from acd.law.strictest import strictest

HOUR = 60
YEAR_S = 366 * DAY_S
DAY_AND_MONTH = (DAY_S, 30 * DAY_S)
ALL_TOLD = frozenset({"name", "number", "opt_out"})
OURS = "ours: no rule known"


def read(text: str) -> Source:
    return Source(text=text, checked=True)


def ask(text: str) -> Source:
    return Source(text=text)


US = LawProfile(
    id="us",
    name="United States",
    abandon_limit=0.03,
    periods_s=DAY_AND_MONTH,
    answer_s=2.0,
    after_greeting=True,
    ring_least_s=15.0,
    redial_lock_s=0.0,
    lock_is_absolute=False,
    then_reserved=False,
    hours=same_every_day((8 * HOUR, 21 * HOUR)),
    per_day=None,
    keep_s=5 * YEAR_S,
    message_needs=ALL_TOLD,
    dnc_needed=True,
    dnc_fresh_s=31 * DAY_S,
    country="US",
    source={
        "abandon_limit": read("16 CFR 310.4(b)(4)(i); 47 CFR 64.1200(a)(7): 3 % of calls answered by a person"),
        "periods_s": read("the same: per campaign, over 30 days; the day is ours"),
        "answer_s": read("the same: 2 s from the end of the person's greeting"),
        "after_greeting": read("the same"),
        "ring_least_s": read("16 CFR 310.4(b)(4)(ii); 47 CFR 64.1200(a)(6): 15 s or four rings"),
        "redial_lock_s": ask(OURS),
        "lock_is_absolute": ask(OURS),
        "then_reserved": ask(OURS),
        "hours": read("16 CFR 310.4(c); 47 CFR 64.1200(c)(1): 8 am to 9 pm local time; states may have fewer"),
        "per_day": ask("no federal rule known; states such as Florida have one: set caps"),
        "keep_s": read("16 CFR 310.5, as amended in 2024: five years"),
        "message_needs": ask("16 CFR 310.4(b)(4)(iii): name and number; 47 CFR 64.1200(a)(7)(i): an automated opt-out too"),
        "dnc_needed": read("16 CFR 310.4(b)(1)(iii): the National Do Not Call Registry"),
        "dnc_fresh_s": read("16 CFR 310.4(b)(3)(iv): not older than 31 days"),
    },
)
UK = LawProfile(
    id="uk",
    name="United Kingdom",
    abandon_limit=0.03,
    periods_s=DAY_AND_MONTH,
    answer_s=2.0,
    after_greeting=False,
    ring_least_s=15.0,
    redial_lock_s=3 * DAY_S,
    lock_is_absolute=False,
    then_reserved=False,
    hours=by_day(weekday=((480, 1260),), saturday=((540, 1200),), sunday=((540, 1200),), holiday=((540, 1200),)),
    per_day=None,
    keep_s=2 * YEAR_S,
    message_needs=frozenset({"name", "number"}),
    dnc_needed=True,
    dnc_fresh_s=28 * DAY_S,
    country="GB",
    source={
        "abandon_limit": read("Ofcom 2008/2010: 3 %; since 1 March 2017 it knows no safe rate, 3 % is kept as a bound"),
        "periods_s": read("Ofcom 2008/2010: per campaign over 24 hours; the 30 days are ours"),
        "answer_s": read("Ofcom 2008/2010: 2 s from the answer, then an information message"),
        "after_greeting": read("the same"),
        "ring_least_s": read("Ofcom 2008/2010: 15 s"),
        "redial_lock_s": read("Ofcom 2008/2010: 72 hours, unless an agent is sure to be there"),
        "lock_is_absolute": read("the same"),
        "then_reserved": ask(OURS),
        "hours": ask("ours: no rule of law known; codes of conduct of the trade are of this kind"),
        "per_day": ask(OURS),
        "keep_s": ask("ours: two years"),
        "message_needs": read("Ofcom 2008/2010: who called, and a number to call back"),
        "dnc_needed": read("PECR 2003: the Telephone Preference Service, for companies CTPS"),
        "dnc_fresh_s": ask("TPS: 28 days until a registration is in force"),
    },
)
CA = LawProfile(
    id="ca",
    name="Canada",
    abandon_limit=0.05,
    periods_s=DAY_AND_MONTH,
    answer_s=2.0,
    after_greeting=False,
    ring_least_s=15.0,
    redial_lock_s=0.0,
    lock_is_absolute=False,
    then_reserved=False,
    hours=by_day(weekday=((540, 1290),), saturday=((600, 1080),), sunday=((600, 1080),), holiday=((600, 1080),)),
    per_day=None,
    keep_s=3 * YEAR_S,
    message_needs=frozenset({"name", "number"}),
    dnc_needed=True,
    dnc_fresh_s=31 * DAY_S,
    country="CA",
    source={
        "abandon_limit": ask("CRTC 2007-48, Unsolicited Telecommunications Rules: 5 % with predictive devices"),
        "periods_s": ask("the same: per calendar month; here any 30 days, and any day"),
        "answer_s": read("the same: a representative within 2 s"),
        "after_greeting": ask("ours: from the answer"),
        "ring_least_s": ask("ours: as in the United States"),
        "redial_lock_s": ask(OURS),
        "lock_is_absolute": ask(OURS),
        "then_reserved": ask(OURS),
        "hours": ask("the same: 9:00 to 21:30 on weekdays, 10:00 to 18:00 on weekends; holidays as weekends is ours"),
        "per_day": ask(OURS),
        "keep_s": ask("the same: three years"),
        "message_needs": ask("the same: who called, and a number"),
        "dnc_needed": read("the same: the National Do Not Call List"),
        "dnc_fresh_s": read("the same: not older than 31 days"),
    },
)
IT = LawProfile(
    id="it",
    name="Italy",
    abandon_limit=0.03,
    periods_s=DAY_AND_MONTH,
    answer_s=3.0,
    after_greeting=False,
    ring_least_s=15.0,
    redial_lock_s=5 * DAY_S,
    lock_is_absolute=True,
    then_reserved=True,
    hours=by_day(weekday=((540, 1200),), saturday=((600, 1140),), sunday=(), holiday=(), eve=((600, 1140),)),
    per_day=None,
    keep_s=2 * YEAR_S,
    message_needs=frozenset({"name", "number"}),
    dnc_needed=True,
    dnc_fresh_s=15 * DAY_S,
    country="IT",
    source={
        "abandon_limit": read("Garante, 20 February 2014: 3 silent calls for 100 that came about, per campaign"),
        "periods_s": ask("ours: the campaign's length is what the rule counts"),
        "answer_s": read("the same: the call ends within 3 s of the answer"),
        "after_greeting": read("the same: from the answer"),
        "ring_least_s": ask("ours: as in the United States"),
        "redial_lock_s": read("the same: 5 days"),
        "lock_is_absolute": read("the same"),
        "then_reserved": read("the same: then with an agent who is reserved"),
        "hours": read("code of conduct of 7 March 2024: 9 to 20, Saturdays and eves 10 to 19, never on Sundays and holidays"),
        "per_day": ask(OURS),
        "keep_s": read("Garante, 20 February 2014: reports for two years"),
        "message_needs": ask("ours: the rule asks for comfort noise; a message says who it was"),
        "dnc_needed": read("d.P.R. 26/2022: the Registro pubblico delle opposizioni"),
        "dnc_fresh_s": read("the same: asked every 15 days"),
    },
)
STRICT = strictest(id="strict", name="The strictest of all", of=(US, UK, CA, IT), per_day=3)

PROFILES: Mapping[str, LawProfile] = {each.id: each for each in (US, UK, CA, IT, STRICT)}
DEFAULT = STRICT.id
"""For a campaign that names none."""
