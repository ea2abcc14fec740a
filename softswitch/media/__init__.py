"""RTP and G.711 for tens of calls: play, record, relay, digits. Knows nothing of SIP or of the event socket."""

from softswitch.media.engine import MediaEngine
from softswitch.media.recording import RecordingEnd
from softswitch.media.session import MediaSession
from softswitch.media.sources import Source, SourceMissing, again, in_turn, music, silence, tone, wav_file

__all__ = [
    "MediaEngine",
    "MediaSession",
    "RecordingEnd",
    "Source",
    "SourceMissing",
    "again",
    "in_turn",
    "music",
    "silence",
    "tone",
    "wav_file",
]
