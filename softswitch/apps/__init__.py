"""What a channel can execute: one application a function, by FreeSWITCH's names. PURE table."""

from softswitch import detecting
from softswitch.apps import bridging, call, digits, listening, playback, record, schedule, variables
from softswitch.house import Application

APPLICATIONS: dict[str, Application] = {
    "answer": call.answer,
    "pre_answer": call.pre_answer,
    "ring_ready": call.ring_ready,
    "park": call.park,
    "respond": call.respond,
    "hangup": call.hangup,
    "sleep": call.sleep,
    "transfer": call.transfer,
    "log": call.log,
    "event": call.event,
    "playback": playback.playback,
    "endless_playback": playback.endless_playback,
    "record": record.record,
    "set": variables.set_one,
    "multiset": variables.set_many,
    "export": variables.export,
    "unset": variables.unset,
    "sched_transfer": schedule.sched_transfer,
    "sched_hangup": schedule.sched_hangup,
    "bridge": bridging.bridge,
    "eavesdrop": listening.eavesdrop,
    "three_way": listening.three_way,
    "bind_digit_action": digits.bind_digit_action,
    "avmd_start": detecting.avmd_start,
    "tone_detect": detecting.tone_detect,
}
NEED_MEDIA = frozenset({"playback", "endless_playback", "record"})
"""Before these FreeSWITCH sends 183 to a caller who is not answered yet."""
