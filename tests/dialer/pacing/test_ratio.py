import pytest

from dialer.core.pacing import events as ev
from dialer.core.pacing.ratio import Progressive, Ratio
from tests.dialer.pacing.made import FREE, fed, ready


def test_given_free_agents_when_progressive_then_a_line_for_each_that_has_none() -> None:
    pacer = fed(Progressive(), [*ready(3), ev.LineDialled(at=0.0, line="l")])
    assert pacer.lines(1.0, FREE) == 2


def test_given_free_agents_when_ratio_then_so_many_for_each_rounded_down() -> None:
    pacer = fed(Ratio(2.5), [*ready(3), ev.LineDialled(at=0.0, line="l")])
    assert pacer.lines(1.0, FREE) == 6
    pacer.feed(ev.LineAnswered(at=2.0, line="l"))
    assert pacer.lines(2.0, FREE) == 5


def test_given_less_than_one_line_per_agent_when_made_then_refused() -> None:
    for wrong in (0.5, float("nan")):
        with pytest.raises(ValueError, match="at least 1"):
            Ratio(wrong)


def test_given_a_kept_ratio_when_restored_then_what_is_set_now_counts() -> None:
    assert Ratio.from_kept(Ratio(4.0).kept(), 2.0).per_agent == 2.0
    assert fed(Progressive.from_kept(Ratio(4.0).kept()), ready(3)).lines(0.0, FREE) == 3
