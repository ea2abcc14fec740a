"""SIP over UDP for tens of calls: user agent, registrar, digest, SDP. Knows nothing of RTP or of the event socket."""

from softswitch.sip import sdp
from softswitch.sip.access import Access, ByAddress, ByDigest, ha1
from softswitch.sip.agent import UserAgent
from softswitch.sip.call import Call, CallState, End
from softswitch.sip.digest import Credentials
from softswitch.sip.registrar import Registration

__all__ = [
    "Access",
    "ByAddress",
    "ByDigest",
    "Call",
    "CallState",
    "Credentials",
    "End",
    "Registration",
    "UserAgent",
    "ha1",
    "sdp",
]
