"""The configuration as several files: read as one, each fault in its own file (ACD.md 84)."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.config.folder import config_files
from acd.config.load import KEYS, load
from acd.words import AgentId, QueueId

NODES = "nodes: {a: {}}\n"


def written(folder: Path, **files: str) -> Path:
    """``queues__sales`` is queues/sales.yaml."""
    for name, text in files.items():
        file = folder / f"{name.replace('__', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, **files: str) -> str:
    with pytest.raises(Refused) as caught:
        load(written(folder, **files))
    return str(caught.value).replace(str(folder) + "/", "")


def test_given_a_house_in_several_files_when_loaded_then_it_is_the_house_of_one(tmp_path: Path) -> None:
    split = written(
        tmp_path / "split",
        acd=NODES + "queues:\n  plain:\n",
        people="agents: {anna: {name: Anna, phone: '1001', queues: [sales]}}\n",
        queues__sales="queues: {sales: {ring: 12s}}\n",
        queues__help="queues: {help: {ring: 13s}}\nnumbers: {'1': main}\n",
    )
    one = written(
        tmp_path / "one",
        acd=NODES + "queues: {plain: , sales: {ring: 12s}, help: {ring: 13s}}\nnumbers: {'1': main}\n"
        "agents: {anna: {name: Anna, phone: '1001', queues: [sales]}}\n",
    )
    found, expected = load(split).policy, load(one).policy
    assert (dict(found.queues), found.agents, found.numbers) == (dict(expected.queues), expected.agents, expected.numbers)
    assert found.queues[QueueId("help")].ring_s == 13 and AgentId("anna") in found.agents


def test_given_no_acd_yaml_but_other_files_when_loaded_then_they_are_the_house(tmp_path: Path) -> None:
    assert load(written(tmp_path, house=NODES)).nodes.keys() == {"a"}


def test_given_no_file_at_all_when_loaded_then_acd_yaml_is_missed(tmp_path: Path) -> None:
    assert "acd.yaml:1:1: cannot be read: No such file" in refusal(tmp_path)


def test_given_the_same_entry_in_two_files_when_loaded_then_both_places_are_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, acd=NODES + "queues:\n  sales: {}\n", queues__more="\nqueues:\n    sales: {ring: 5s}\n")
    assert said == "queues/more.yaml:3:5: 'sales' is here a second time; it was given first in acd.yaml:3"


def test_given_a_list_in_two_files_when_loaded_then_it_may_stand_in_one_only(tmp_path: Path) -> None:
    said = refusal(tmp_path, acd=NODES + "reasons: [lunch]\n", more="reasons: [break]\n")
    assert said == "more.yaml:1:1: 'reasons' is here a second time; it was given first in acd.yaml:2"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"queues__sales": "queues:\n  sales: {rng: 5s}\n"}, "queues/sales.yaml:2:11: 'rng' is not known here"),
        ({"agents__a": "agents:\n  anna: {name: A, phone: '1', queues: [nope]}\n"}, "agents/a.yaml:2:40: there is no queue 'nope'"),
        ({"queues__sales": "quues: {}\n"}, "queues/sales.yaml:1:1: 'quues' is not known here (did you mean 'queues'?)"),
        ({"more": "limits: {max_missed: 0}\n"}, "more.yaml:1:22: found"),
        ({"more": "- a\n"}, "more.yaml:1:1: found a list; a mapping is needed"),
        ({"more": "limits: {max_missed: 3\n"}, "more.yaml:2:1: this is not YAML"),
    ],
)
def test_given_a_fault_in_one_of_several_files_when_loaded_then_it_is_told_with_that_files_place(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    assert expected in refusal(tmp_path, acd=NODES, **files)


def test_given_faults_in_the_form_of_two_files_when_loaded_then_both_are_told(tmp_path: Path) -> None:
    said = refusal(tmp_path, acd=NODES + "a: [\n", more="b: {\n").splitlines()
    assert [line.partition(":")[0] for line in said] == ["acd.yaml", "more.yaml"]


def test_given_an_empty_file_among_others_when_loaded_then_it_says_nothing(tmp_path: Path) -> None:
    load(written(tmp_path, acd=NODES, empty="# later\n"))


def test_given_a_key_that_is_empty_in_the_first_file_when_loaded_then_the_second_one_fills_it(tmp_path: Path) -> None:
    assert load(written(tmp_path, acd=NODES + "queues:\n", more="queues: {sales: }\n")).policy.queues.keys() == {"sales"}


def test_given_files_that_are_none_of_it_when_listed_then_they_are_not_read(tmp_path: Path) -> None:
    folder = written(tmp_path, acd=NODES, flows__main="start: x\n", queues__deeper__x="x\n", var__secrets="a: b\n")
    (folder / ".#acd.yaml").symlink_to("nobody@nowhere")
    (folder / "queues" / ".swap.yaml").write_text("x: [")
    assert [file.name for file in config_files(folder, KEYS)] == ["acd.yaml"]
    load(folder)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("more.yml", "more.yml:1:1: is not read: only *.yaml is; name it more.yaml"),
        ("queues/sales.yml", "queues/sales.yml:1:1: is not read: only *.yaml is; name it sales.yaml"),
        ("queue/sales.yaml", "queue:1:1: the folder 'queue' is not read; name it 'queues', as the key"),
        ("mailbox/x.yaml", "mailbox:1:1: the folder 'mailbox' is not read; name it 'mailboxes', as the key"),
    ],
)
def test_given_a_file_that_somebody_takes_for_a_part_when_loaded_then_it_is_refused_rather_than_left_out(
    tmp_path: Path, name: str, expected: str
) -> None:
    file = written(tmp_path, acd=NODES) / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("queues: {}\n")
    with pytest.raises(Refused) as caught:
        load(tmp_path)
    assert expected in str(caught.value)


def test_given_the_order_of_files_when_listed_then_acd_yaml_is_first_then_the_folder_then_its_folders(tmp_path: Path) -> None:
    folder = written(tmp_path, zz="", acd=NODES, aa="", queues__b="", agents__c="")
    assert [str(file.relative_to(folder)) for file in config_files(folder, KEYS)] == [
        "acd.yaml", "aa.yaml", "zz.yaml", "agents/c.yaml", "queues/b.yaml"
    ]  # fmt: skip
