"""Pictures of simulated shifts are drawn, without a screen, and show what they say."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from acd.sim.plot import COLOURS
from dialer.cli.main import main
from dialer.cli.plot import LOOKS, draw
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.sim.results import Results, shifts
from dialer.sim.world import World, base

WORLD = replace(base(4, 0.4, 60.0), shift_s=2_700.0)


@pytest.fixture
def found() -> dict[str, Results]:
    return {"progressive": shifts(WORLD, Progressive, range(3)), "4": shifts(WORLD, lambda: Ratio(4.0), range(3))}


def shown(file: Path, colour: str) -> int:
    """So many pixels of a picture are of this colour."""
    image = pytest.importorskip("matplotlib.image").imread(file)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int(((image[:, :, :3] * 255).round() == wanted).all(axis=2).sum())


def test_given_two_pacers_when_drawn_then_each_is_seen_and_nobody_else(found: dict[str, Results], tmp_path: Path) -> None:
    draw(found, file := tmp_path / "day.png", WORLD)
    assert file.read_bytes().startswith(b"\x89PNG")
    seen = [shown(file, colour) for colour in COLOURS]
    assert min(seen[:2]) > 500 and seen[2:] == [0, 0]


def texts(found: dict[str, Results], tmp_path: Path, world: World = WORLD) -> tuple[set[str], str]:
    draw(found, file := tmp_path / "day.svg", world)
    svg = file.read_text()
    return {line.strip()[5:-4] for line in svg.splitlines() if line.strip().startswith("<!-- ")}, svg


def test_given_two_pacers_when_drawn_then_titles_axes_and_legend_say_what_is_what(found: dict[str, Results], tmp_path: Path) -> None:
    said, svg = texts(found, tmp_path)
    assert svg.count("stroke-dasharray: 1,2") == 3, "the limit: in two panels and in the legend"
    assert {"utilisation, %", "abandoned, % of the answered", "hours into the shift", "whole shifts"} <= said
    assert {"progressive", "4 lines for each free agent", "limit 3 %"} <= said
    assert "4 agents, 3 shifts of 0.75 h; bands and bars: 95 % confidence interval of the mean" in said
    assert {f"{100 * results.utilisation.value:.1f}" for results in found.values()} <= said


def test_given_one_shift_when_drawn_then_there_is_no_band_and_nothing_is_said_of_one(found: dict[str, Results], tmp_path: Path) -> None:
    _, several = texts(found, tmp_path)
    single = {name: Results(shifts=results.shifts[:1]) for name, results in found.items()}
    said, one = texts(single, tmp_path)
    assert "4 agents, one shift of 0.75 h" in said
    assert several.count('id="FillBetween') == 4 and 'id="FillBetween' not in one


def test_given_more_pacers_than_colours_when_drawn_then_none_is_left_out_and_none_looks_like_another(
    found: dict[str, Results], tmp_path: Path
) -> None:
    many = {f"{n}": found["4"] for n in range(1, 13)}
    assert {f"{n} lines for each free agent" for n in range(1, 13)} <= texts(many, tmp_path)[0]
    assert len(set(LOOKS[:12])) == 12


def test_given_the_command_when_asked_for_a_picture_then_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "day.png"
    words = ["simulate", "--agents", "3", "--hit", "40%", "--hours", "0.5", "--seeds", "2", "--pacer", "2", "--plot", str(file)]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert shown(file, COLOURS[0]) > 500


@pytest.mark.parametrize(("name", "says"), [("day.bmp", ".png, .svg, .pdf"), ("nowhere/day.png", "no such folder")])
def test_given_a_picture_that_cannot_be_when_asked_for_then_nothing_is_simulated(tmp_path: Path, name: str, says: str) -> None:
    result = CliRunner().invoke(main, ["simulate", "--plot", str(tmp_path / name)])
    assert result.exit_code == 2 and says in result.stderr and not result.stdout


def test_given_no_matplotlib_when_a_picture_is_asked_for_then_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(main, ["simulate", "--plot", str(tmp_path / "day.png")])
    assert result.exit_code == 2 and "pip install 'acd[plot]'" in result.stderr and not result.stdout
