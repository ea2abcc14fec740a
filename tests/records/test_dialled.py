"""What a campaign had dialled, as rows."""

from dataclasses import replace

from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.records.batch import batch_of
from acd.records.reader import Reader
from acd.records.rows import dialled_row
from acd.records.schema import metadata
from acd.records.store import Store
from tests.records.making import T0, FakeLine


def test_given_what_a_campaign_dialled_when_it_is_over_then_one_row_by_the_id_of_the_call_that_left(tmp_path) -> None:  # type: ignore[no-untyped-def]
    url, store = f"sqlite:///{tmp_path}/acd.db", Store(f"sqlite:///{tmp_path}/acd.db")
    asked = DialledCall(id="t1", campaign="winter", queue="sales", number="+493012345678", at=T0, leg="fs/x")  # type: ignore[arg-type]
    over = replace(asked, state=DialledState.ENDED, outcome=DialOutcome.BUSY, cause="USER_BUSY", sip_status=486, ended_at=T0 + 5)
    assert set(dialled_row(over)) == {column.name for column in metadata.tables["dialled_calls"].columns}
    store.write(batch_of(0, [FakeLine(n=1, changes=(asked,))], {}))  # type: ignore[arg-type]
    reader = Reader(url)
    assert reader.dialled(since=0.0) == []
    gone = replace(over, state=DialledState.FORGOTTEN)
    store.write(batch_of(1, [FakeLine(n=2, changes=(over,)), FakeLine(n=3, changes=(gone,))], {}))  # type: ignore[arg-type]
    (row,) = reader.dialled(since=T0, campaign="winter")
    assert (row["id"], row["outcome"], row["cause"], row["sip_status"]) == ("t1", "busy", "USER_BUSY", 486)
    assert reader.dialled(since=T0, campaign="other") == []
    store.close()
    reader.close()
