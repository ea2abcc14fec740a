"""What one event led to. Each decision is remembered and done before the next one counts."""

from dataclasses import dataclass

from acd.core.call import Call
from acd.core.commands import Command
from acd.core.events import Event
from acd.core.house import Forced, LineWatch, Node, Phone
from acd.core.lines.entry import Entry
from acd.core.lines.kept import KeptPlace
from acd.core.lines.pace import Pace
from acd.core.matching.bond import Bond
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outgoing import Outgoing, Tally
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk
from acd.core.staff.nailed import NailedLeg
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording

Record = (
    Call
    | Entry
    | Offer
    | Agent
    | Phone
    | Node
    | Desk
    | Forced
    | LineWatch
    | KeptPlace
    | Pace
    | Outgoing
    | Tally
    | Callback
    | DialledCall
    | WrapUp
    | Recording
    | Bond
    | NailedLeg
    | Monitor
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``changes`` are the next versions, already in the state; ``commands`` are to be sent once the changes are remembered.

    ``event`` is what was decided on: for a snapshot, the event that had been missed (then ``healed``).
    ``late`` marks an arrival that we expect to come too late now and then: counted, and otherwise ignored.
    ``refused`` says why a wish was not granted; empty otherwise.
    """

    event: Event
    changes: tuple[Record, ...] = ()
    commands: tuple[Command, ...] = ()
    healed: bool = False
    late: bool = False
    refused: str = ""
