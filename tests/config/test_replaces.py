"""`replaces` of a queue in acd.yaml: every way in which a queue cannot be in another one's place (ACD.md 52)."""

from pathlib import Path

import pytest

from acd.config.load import load
from acd.words import QueueId
from tests.config.test_acd_yaml import SMALL, refusal, written

SALES = "  sales: {ring: 12s,"


def test_given_queues_that_are_gone_when_one_is_in_their_place_then_the_core_knows_both_ways(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL.replace("  plain:", "  plain: {replaces: [orders, desk]}"))).policy
    assert policy.queues[QueueId("plain")].replaces == ("orders", "desk")
    assert policy.moved == {"orders": "plain", "desk": "plain"}
    assert policy.now_called(QueueId("orders")) == "plain" and policy.now_called(QueueId("sales")) == "sales"
    assert policy.names_of(QueueId("plain")) == ("plain", "orders", "desk")


@pytest.mark.parametrize(
    ("queues", "said"),
    [
        ("  plain: {replaces: [sales]}", "acd.yaml:5:22: the queue 'sales' is still there"),
        ("  plain: {replaces: [plain]}", "acd.yaml:5:22: the queue 'plain' cannot be in its own place"),
        ("  plain: {replaces: [old, old]}", "acd.yaml:5:27: 'old' is replaced by 'plain' already"),
        ("  plain: {replaces: [old]}\n  more: {replaces: [old]}", "acd.yaml:6:21: 'old' is replaced by 'plain' already"),
        ("  plain: {replaces: [more]}\n  more: {replaces: [plain]}", "acd.yaml:6:21: the queue 'plain' is still there"),
        ("  plain: {replaces: ['@anna']}", "acd.yaml:5:22: "),
        ("  plain: {replaces: old}", "acd.yaml:5:21: "),
    ],
)
def test_given_a_queue_that_cannot_be_replaced_so_when_loaded_then_refused_with_its_place(
    tmp_path: Path, queues: str, said: str
) -> None:
    assert said in refusal(tmp_path, SMALL.replace("  plain:", queues))
