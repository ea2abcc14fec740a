"""Where a description of SIP meets a stream of media: for the switch's legs and the virtual phones' lines alike."""

from softswitch.media import MediaSession
from softswitch.sip import sdp


def send_as_described(media: MediaSession, audio: sdp.Audio) -> None:
    media.set_remote(
        host=audio.host,
        port=audio.port,
        codec=audio.codec,
        payload_type=audio.payload_type,
        telephone_event=audio.telephone_event,
        direction=audio.our_direction,
    )
