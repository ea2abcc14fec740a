"""FreeSWITCH killed and started again: `sofia recover` runs the dialplan twice, and nothing is done twice (FAULTS.md F21)."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.waiting import until

from .running import Running
from .sip import Sip
from .test_running import callers, channels, leg_from

NUMBER = "0307000099"


@pytest.mark.slow
def test_given_an_answered_caller_when_freeswitch_is_killed_and_recovers_then_they_are_parked_with_one_dead_mans_switch(
    binary: str, tmp_path: Path
) -> None:
    switch = Running(binary, tmp_path)
    try:
        switch.start()
        with Sip(callers(switch), user=NUMBER) as caller:
            uuid = _adopted(switch, caller)
            until("the call is tracked", lambda: _tracked(switch) == [uuid])
            switch.stop()
            switch.start()
            with switch.socket() as asked:
                assert asked.ask("api sofia recover") == "Recovered 1 call(s)"
                until("the call is parked", lambda: [(c["uuid"], c["application"]) for c in channels(switch)] == [(uuid, "park")])
                assert asked.ask(f"api uuid_getvar {uuid} acd_call") == "of-before"
                assert asked.ask(f"api sched_del {uuid}") == "+OK Deleted: 1"
    finally:
        switch.stop()


def _adopted(switch: Running, caller: Sip) -> str:
    assert caller.rings("100")
    uuid = leg_from(switch, NUMBER)["uuid"]
    with switch.socket() as asked:
        assert asked.ask(f"api sched_del {uuid}") == "+OK Deleted: 1"
        asked.ask(f"api uuid_setvar {uuid} acd_call of-before")
        asked.ask(f"api uuid_answer {uuid}")
    assert caller.final("INVITE", f"sip:100@127.0.0.1:{switch.ports.callers}") == 200
    return uuid


def _tracked(switch: Running) -> list[str]:
    database = sqlite3.connect(f"file:{switch.directory / 'state' / 'db' / 'core.db'}?mode=ro", uri=True)
    try:
        return [row[0] for row in database.execute("select uuid from recovery")]
    except sqlite3.OperationalError:
        return []
    finally:
        database.close()
