"""For ``bench.callcenter``: the same FreeSWITCH, phones and callers as ours, with its own mod_callcenter in place of ours."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from acd.demo import free_ports
from acd.loading import load_all, secrets_of
from acd.places import Places
from acd.words import NodeId
from bench._house import DOMAIN, House, freeswitch_program, phones_command, program, rendered, wait_for, write_configuration
from bench._listener import listening

QUEUE = "all@default"
DIALPLAN = f"""<include>
  <context name="public">
    <extension name="queue">
      <condition field="destination_number" expression="^100$">
        <action application="answer"/>
        <action application="callcenter" data="{QUEUE}"/>
      </condition>
    </extension>
  </context>
</include>
"""


def agent(n: int) -> str:
    """Like ours: rung for 10 s, no wrap-up, left in peace for nothing."""
    contact = f"[leg_timeout=10]sofia/agents/{2000 + n}%{DOMAIN}"
    waits = 'max-no-answer="0" wrap-up-time="0" reject-delay-time="0" busy-delay-time="0"'
    return f'<agent name="a{n}@default" type="callback" contact="{contact}" status="Available" {waits}/>'


def configuration(agents: int) -> str:
    people = "".join(agent(n) for n in range(agents))
    tiers = "".join(f'<tier agent="a{n}@default" queue="{QUEUE}" level="1" position="1"/>' for n in range(agents))
    return f"""<include>
<configuration name="callcenter.conf" description="the same queue">
  <settings/>
  <queues><queue name="{QUEUE}">
    <param name="strategy" value="longest-idle-agent"/>
    <param name="moh-sound" value="tone_stream://%(1000,4000,425);loops=-1"/>
    <param name="time-base-score" value="system"/>
    <param name="max-wait-time" value="0"/>
    <param name="max-wait-time-with-no-agent" value="0"/>
    <param name="tier-rules-apply" value="false"/>
    <param name="discard-abandoned-after" value="60"/>
  </queue></queues>
  <agents>{people}</agents>
  <tiers>{tiers}</tiers>
</configuration>
</include>
"""


def adapt(conf: Path, agents: int) -> None:
    """Ours has neither the module nor the applications it needs; all else stays as it is for ours."""
    modules, switch = conf / "autoload_configs" / "modules.conf.xml", conf / "autoload_configs" / "switch.conf.xml"
    loaded = '<load module="mod_dptools"/>'
    modules.write_text(modules.read_text().replace(loaded, f'{loaded}<load module="mod_callcenter"/>'))
    switch.write_text(re.sub(r"<interface-allowlist>.*</interface-allowlist>", "", switch.read_text(), flags=re.DOTALL))
    (conf / "autoload_configs" / "callcenter.conf.xml").write_text(configuration(agents))
    (conf / "dialplan" / "public.xml").write_text(DIALPLAN)


@contextmanager
def callcenter(agents: int, folder: Path) -> Iterator[House]:
    """``controller`` is 0: the switch does it all. Raises SystemExit where the module is not installed."""
    places, ports = Places(config=folder / "config", home=folder / "var"), free_ports()
    write_configuration(places, ports, agents)
    secrets = secrets_of(load_all(places.config), places)
    conf = rendered(places, folder)
    adapt(conf, agents)
    with ExitStack() as stack:
        switch = stack.enter_context(freeswitch_program(conf, ports, folder))
        password = secrets.event_socket[NodeId("local")]
        heard = stack.enter_context(listening(ports.event_socket, password, ("CUSTOM", "sofia::register")))
        phones = stack.enter_context(program(phones_command(places, ports, folder), folder / "phones.log"))
        wait_for("the phones to register", lambda: len(heard.noted) >= agents, folder / "phones.log")
        yield House(kind="freeswitch", places=places, ports=ports, controller=0, switch=switch, phones=phones)
