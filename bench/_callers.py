"""For the benches: people who call and wait to be hung up. Virtual ones live in this process, SIPp in one of its own."""

import subprocess
import tempfile
import time
from pathlib import Path

import gevent

from bench._house import House
from softswitch.media import MediaEngine
from softswitch.party import CallerScript, Phone, play
from softswitch.party.script import WaitAnswered, WaitEnded

PATIENCE_S = 12.0
"""Whoever is not through so long after the last INVITE has failed."""
CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="one who waits to be hung up">
  <send retrans="500"><![CDATA[
INVITE sip:100@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[who][call_number]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
To: <sip:100@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[who]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


def virtual_callers(house: House, who: str, rate: float, calls: int) -> None:
    """Dials one after the other; returns when the last is gone."""
    engine = MediaEngine()
    engine.start()
    phone = Phone(user=who, server=("127.0.0.1", house.ports.callers), engine=engine)
    phone.start()
    script = CallerScript(dial="100", steps=(WaitAnswered(timeout_s=PATIENCE_S), WaitEnded(timeout_s=PATIENCE_S)))
    began, talking = time.monotonic(), []
    for n in range(calls):
        gevent.sleep(max(0.0, began + n / rate - time.monotonic()))
        talking.append(gevent.spawn(play, phone, script))
    gevent.joinall(talking, timeout=PATIENCE_S)
    phone.stop()
    engine.stop()


def sipp_callers(house: House, who: str, rate: float, calls: int, *, at_once: int = 0, more_s: float = 0.0) -> None:
    """``at_once`` 0: however many there are; ``more_s``: how much longer than PATIENCE_S the last may wait."""
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as folder:
        scenario = Path(folder) / "caller.xml"
        scenario.write_text(CALLER.replace("[who]", who))
        bounds = ["-r", f"{rate:g}", "-m", str(calls), "-timeout", f"{calls / rate + PATIENCE_S + more_s:.0f}s", "-nostdin"]
        bounds += ["-l", str(at_once)] if at_once else []
        words = ["sipp", f"127.0.0.1:{house.ports.callers}", "-sf", str(scenario), "-i", "127.0.0.1", *bounds]
        silent = subprocess.DEVNULL
        subprocess.run(words, cwd=folder, stdin=silent, stdout=silent, stderr=silent, check=False)  # the records tell who failed


CALLERS = {"embedded": virtual_callers, "freeswitch": sipp_callers}
