"""The house to look at is made of the sample's: what its flows name must be there."""

from pathlib import Path

from acd import demo
from acd.loading import load_all

ROOT = Path(__file__).parent.parent
PLAN = demo.Plan(agents=3, callers_per_minute=20, talk_s=8, patience_s=25, for_s=60, seed=1)
PORTS = demo.Ports(event_socket=1, phones=2, callers=3, http=4)


def test_given_the_sample_when_a_demo_is_made_of_it_then_its_house_is_good_with_agents_of_its_own(tmp_path: Path) -> None:
    text = demo.configuration(PLAN, PORTS, ROOT / "ivr_flows", demo.sample(ROOT / "config"))
    (tmp_path / "acd.yaml").write_text(text)
    loaded = load_all(tmp_path)
    assert set(loaded.policy.agents) == {"agent1", "agent2", "agent3"} and demo.QUEUES.keys() <= loaded.policy.queues.keys()
    assert loaded.policy.numbers == {"100": "main"}
