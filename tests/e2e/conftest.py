"""Fixtures of the end-to-end tests. Each test has a directory, programs and ports of its own.

What a failed one leaves is shown, and what was left out is said loudly.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .centre import Plan
from .house import House
from .processes import Stage
from .switches import KINDS, freeswitch_binary

NO_FREESWITCH = "no FreeSWITCH: neither `freeswitch` on the path nor ACD_FREESWITCH=/path/to/bin/freeswitch"
NO_MOD_AVMD = "this FreeSWITCH has no mod_avmd: nothing hears the beep of an answering machine"
_MISSING = [name for name in ("sipp", "baresip") if shutil.which(name) is None]


VARIANTS = re.compile(
    r"socket_faults.*-(fin|frozen)\]"
    r"|events_of_a_kind.*-(CHANNEL_PARK|CHANNEL_ANSWER|CHANNEL_PROGRESS|BACKGROUND_JOB)\]"
    r"|steps_restart.*(called-|pause-|say-|-music\]|that_ends|that_rings|confirmed|two_questions|one_agent|a_database)"
    r"|transfer\.py.*(-decline-|-unavailable-|-missing-|-broken-|early_media|not_there|elsewhere|another trunk|three_trunks)"
    r"|transfer_inside.*(not_ready|declines|does_not_answer)"
    r"|voicemail.*(for_ever|at_once|says_nothing|fall_silent)"
    r"|test_waiting.*-(menu|key)\]"
    r"|talks.*(controller_that_dies.*(held|rings|toggled|transfer)|hangs_up_while.*(anna|ben)|hangs_up_then.*toggle|leaves.*ben|is_busy)"
    r"|callbacks.*(waiting|talking|902)"
    r"|agents.*(one_is_busy|hangs_it_up|302)"
    r"|queue_life.*(by_default|a_flow_that)"
    r"|supervision.*(before|another's)"
    r"|talks_outside.*-(anna|out|toggle|conference|rings)\]"
    r"|two_controllers.*another home"
    r"|presets.*\[(service_desk|sales)\]"
    r"|recipes.*closed|accepting.*meanwhile"
    r"|campaign\.py.*(-(decline|missing|broken|unavailable)\]|without_agents|row_93|sees_the_lead|by_hand)"
    r"|recording.*who_has_declined"
    r"|campaign_preview.*(-not-ready\]|is_stopped|passes_one_on|-shown\])"
    r"|campaign_manual.*(-log-out\]|a_phone_code)"
    r"|machines\.py.*(a_fax_that|without_agents)"
    r"|thin_call.*(customer-rfc4733|agent-info)"
    r"|talks\.py.*(go_on_and_then_everybody_is_free\[[a-z]+-\]|goes_on\[[a-z]+-consulting)"
    r"|socket_faults.*-CHANNEL_BRIDGE\]"
    r"|steps_restart.*(may_not_when|half_a_number)"
    r"|samples.*(when_english|another_number|adviser_has_hung_up)"
    r"|test_restart.*(for_a_digit|agent_in_wrap_up)"
    r"|callbacks.*(-customer_rings\]|while_the_customer_rings)"
    r"|transfer\.py.*(answers_in_time|-busy-busy-)"
    r"|races.*(phone_that_declines|a_busy_phone)"
    r"|socket_faults.*(ringing_phone_when_the_socket|two_who_talk).*-rst\]"
)
"""Variants of what another test shows: a developer's `make test` would take too long with all of them."""
LEFT_OUT = "a variant, left out here: `make e2e` (ACD_E2E=all) runs it"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here, everything = Path(__file__).parent, os.environ.get("ACD_E2E") == "all"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not everything and VARIANTS.search(item.nodeid):
                item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Which switch the test runs against."""
    if request.param == "freeswitch" and freeswitch_binary() is None:
        pytest.skip(NO_FREESWITCH)
    return str(request.param)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if _MISSING:
        pytest.skip(f"not installed: {', '.join(_MISSING)} (Debian: sip-tester, baresip-core)")
    directory = Path(tempfile.mkdtemp(prefix="acd-e2e-"))  # short: a unix socket's path has 107 characters
    stage = Stage(directory)
    request.node.stash[_STAGE] = stage
    yield stage
    stage.close()
    if not request.node.stash.get(_FAILED, False):
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def house(stage: Stage, kind: str) -> Callable[..., House]:
    """``house(Plan(...))``: opened, on this test's switch."""

    def opened(plan: Plan | None = None, **more: Any) -> House:
        return House(stage, kind, plan, **more).open()

    return opened


_STAGE: pytest.StashKey[Stage] = pytest.StashKey()
_FAILED: pytest.StashKey[bool] = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """The logs of a failed test's programs become part of its report."""
    outcome: Any = yield
    report = outcome.get_result()
    stage = item.stash.get(_STAGE, None)
    if report.failed and stage is not None:
        item.stash[_FAILED] = True
        report.sections.append(("left in", str(stage.directory)))
        report.sections.extend((f"log of {name}", text) for name, text in stage.logs())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A proof that was not run is said loudly; a line of dots does not do."""
    skipped = terminalreporter.stats.get("skipped", [])
    for text in (NO_FREESWITCH, NO_MOD_AVMD, "not installed: "):
        count = sum(1 for report in skipped if text in str(report.longrepr))
        if count:
            reason = next(str(report.longrepr[2]) for report in skipped if text in str(report.longrepr))
            terminalreporter.write_sep("!", "END-TO-END TESTS WERE LEFT OUT", red=True, bold=True)
            terminalreporter.write_line(f"{count} end-to-end tests did not run. {reason}", red=True, bold=True)
            terminalreporter.write_sep("!", red=True, bold=True)
