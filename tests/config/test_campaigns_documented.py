"""What docs/CAMPAIGNS.md, the sample and the preset show of campaigns can be taken as it stands."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from acd.campaign import RETRIES, Mode, Retry
from acd.cli.main import main
from acd.config.campaign_shapes import AbandonShape, BlendShape, CampaignShape, CapsShape, RetryShape
from acd.config.kinds import spoken
from acd.config.load import load
from acd.config.shape import Shape
from acd.loading import load_all
from acd.presets import write
from acd.words import FlowId
from tests.config.samples import uncommented
from tests.config.test_acd_yaml import written

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "CAMPAIGNS.md").read_text(encoding="utf-8")
EXAMPLE, SORRY = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
REST = """
nodes: {a: {}}
agents: {anna: {name: Anna, phone: "1001", queues: [sales]}}
paths: {flows: flows, sounds: sounds, music: music}
speech: {engine: none}
"""


def test_given_the_documented_campaign_when_checked_then_it_is_good_and_says_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "sorry.yaml").write_text(SORRY, encoding="utf-8")
    written(tmp_path, EXAMPLE + REST)
    spring = load_all(tmp_path).configuration.campaigns["spring"]
    assert (spring.mode, spring.law, spring.abandon_limit, spring.message) == (Mode.PREDICTIVE, "us", 0.025, FlowId("sorry"))
    done = CliRunner().invoke(main, ["check", "--config", str(tmp_path)])
    assert done.exit_code == 0 and done.output.startswith("ok: ") and done.output.endswith(", 1 campaign\n")
    (tmp_path / "acd.yaml").write_text(EXAMPLE + REST.replace(", queues: [sales]", ""), encoding="utf-8")
    done = CliRunner().invoke(main, ["check", "--config", str(tmp_path)])
    line = next(n for n, text in enumerate(EXAMPLE.splitlines(), start=1) if "queue: sales" in text)
    said = f"acd.yaml:{line}:12: warning: no agent serves the queue sales: nobody would talk to those who answer\n"
    assert done.exit_code == 0 and said in done.output
    (tmp_path / "flows" / "sorry.yaml").rename(tmp_path / "flows" / "other.yaml")
    done = CliRunner().invoke(main, ["check", "--config", str(tmp_path)])
    line = next(n for n, text in enumerate(EXAMPLE.splitlines(), start=1) if "message: sorry" in text)
    assert done.exit_code == 1 and f"acd.yaml:{line}:7: there is no flow 'sorry'; there is: other" in done.output


NO_MORE = "start: a\nsteps:\n  a: {step: opt_out, next: b, otherwise: b}\n  b: {step: return}\n"


@pytest.mark.parametrize("how", ["{step: flow, flow: no_more, next: b, exits: {failed: b}}", "{step: hang_up}"])
def test_row_94_given_a_key_by_which_nobody_is_called_again_when_the_flow_does_nothing_with_it_then_refused(
    tmp_path: Path, how: str
) -> None:
    (tmp_path / "flows").mkdir()
    sorry = f"start: a\nsteps:\n  a: {how}\n" + ("  b: {step: hang_up}\n" if "next" in how else "")
    for name, text in (("sorry", sorry), ("no_more", NO_MORE)):
        (tmp_path / "flows" / f"{name}.yaml").write_text(text, encoding="utf-8")
    written(tmp_path, EXAMPLE + REST)
    done = CliRunner().invoke(main, ["check", "--config", str(tmp_path)])
    line = next(n for n, text in enumerate(EXAMPLE.splitlines(), start=1) if "message: sorry" in text)
    said = f"acd.yaml:{line}:16: who presses 9 in the flow sorry would be called again: it has no step opt_out\n"
    assert (done.exit_code, said in done.output) == ((0, False) if "no_more" in how else (1, True)), done.output


def test_given_the_documented_retries_when_held_against_the_usual_ones_then_they_are_the_same() -> None:
    rows = re.findall(r"^\| `(\w+)`[^|]*\| ([^|]*)\| (\d+) \| (yes )?\|$", PAGE, re.M)
    told = {name: (after.strip(), int(most), bool(other)) for name, after, most, other in rows}
    assert told == {name: _written(retry) for name, retry in RETRIES.items()}


def _written(retry: Retry) -> tuple[str, int, bool]:
    return ", ".join(spoken(each) for each in retry.after_s), retry.at_most, retry.other_number


@pytest.mark.parametrize("shape", [CampaignShape, AbandonShape, BlendShape, CapsShape, RetryShape])
def test_given_the_keys_when_the_page_is_read_then_each_is_told(shape: type[Shape]) -> None:
    assert not [key for key in shape.model_fields if not re.search(rf"`{key}\b|[{{, ]{key}:", PAGE)]


@pytest.mark.parametrize("mode", Mode)
def test_given_the_modes_when_the_page_is_read_then_each_is_told(mode: Mode) -> None:
    assert f"\n| `{mode}` |" in PAGE


def test_given_the_refusal_on_the_page_when_it_is_provoked_then_it_is_said_so(tmp_path: Path) -> None:
    text = EXAMPLE.replace("limit: 2.5%", "limit: 5%") + REST
    done = CliRunner().invoke(main, ["check", "--config", str(written(tmp_path, text))])
    said = re.search(r"found '5%'.*", PAGE)
    assert said is not None and said.group() in done.output


def test_given_the_samples_comments_when_they_are_taken_away_then_the_campaign_is_good(tmp_path: Path) -> None:
    text = uncommented((ROOT / "config" / "acd.yaml").read_text(encoding="utf-8"), "trunks", "outbound", "campaigns")
    spring = load(written(tmp_path, text)).campaigns["spring"]
    assert spring.mode is Mode.PREDICTIVE and spring.queue == "sales" and spring.law == "strict"


def test_given_the_sales_preset_when_its_campaign_is_taken_then_it_is_good(tmp_path: Path) -> None:
    write("sales", tmp_path)
    file = tmp_path / "config" / "acd.yaml"
    file.write_text(uncommented(file.read_text(encoding="utf-8"), "trunks", "outbound", "campaigns"), encoding="utf-8")
    assert load_all(tmp_path / "config").configuration.campaigns["offers"].mode is Mode.PREVIEW
