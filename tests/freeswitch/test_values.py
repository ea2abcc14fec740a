"""What hardens the shipped FreeSWITCH configuration, value by value, in the XML as FreeSWITCH reads it (FAULTS.md S01-S07)."""

import re
from pathlib import Path

import pytest

from acd.cli.freeswitch_conf import TREE
from acd.switch.commands_to import Dialect
from acd.switch.snapshot import CALLS

from .rendered import DOMAIN, PASSWORD, Configuration, phone_secret

BOTH = pytest.mark.parametrize("profile", ["agents", "trunk"])
HARMLESS_APPS = {"answer", "hangup", "park", "playback", "record", "respond", "ring_ready", "sched_transfer", "set", "sleep"}
DANGEROUS = re.compile(
    r"system|spawn|load|lua|javascript|python|perl|fsctl|global_setvar|expand|eval|json|curl|socket|fileman|getenv|displace", re.I
)


def test_given_s01_when_a_call_comes_in_then_no_context_dials_out(configuration: Configuration) -> None:
    assert configuration.contexts() == {"public", "agents", "failsafe"}
    for context in configuration.contexts():
        assert {application for application, _ in configuration.actions(context)} <= HARMLESS_APPS, context


@BOTH
def test_given_s01_when_a_phone_or_trunk_sends_refer_then_nobody_is_transferred(configuration: Configuration, profile: str) -> None:
    settings = configuration.profile(profile)
    assert settings["disable-transfer"] == "true" and settings["proxy-refer"] == "false"
    assert settings["enable-3pcc"] == "false" and settings.get("manual-redirect", "false") == "false"


def test_given_s01_when_a_profile_takes_a_call_then_it_goes_to_its_own_context(configuration: Configuration) -> None:
    assert configuration.profiles() == {"agents", "trunk"}
    assert configuration.profile("agents")["context"] == "agents" and configuration.profile("trunk")["context"] == "public"


def test_given_s02_when_a_phone_speaks_then_it_must_prove_its_password(configuration: Configuration) -> None:
    settings = configuration.profile("agents")
    for name in ("auth-calls", "auth-messages", "auth-subscriptions", "auth-require-user", "inbound-reg-force-matching-username"):
        assert settings[name] == "true", name
    assert settings["log-auth-failures"] == "true" and int(settings["nonce-ttl"]) <= 60
    assert {settings[n] for n in ("challenge-realm", "force-register-domain", "force-register-db-domain")} == {DOMAIN}


@BOTH
def test_given_s02_when_somebody_proves_nothing_then_they_are_not_believed(configuration: Configuration, profile: str) -> None:
    settings = configuration.profile(profile)
    assert settings["accept-blind-reg"] == settings["accept-blind-auth"] == "false"
    assert settings["log-auth-failures"] == "true"


def test_given_s02_when_a_call_comes_to_the_trunk_then_its_address_decides(configuration: Configuration) -> None:
    settings = configuration.profile("trunk")
    assert settings["apply-inbound-acl"] == "trunks" and settings["disable-register"] == "true"
    lists = configuration.root.findall(".//configuration[@name='acl.conf']/network-lists/list")
    assert [(each.get("name"), each.get("default")) for each in lists] == [("trunks", "deny")]
    assert [(node.get("type"), node.get("cidr")) for node in lists[0]] == [("allow", "127.0.0.1/32")]


def test_given_s02_when_the_directory_is_written_then_it_holds_digests_of_made_passwords(
    tree: Path, configuration: Configuration
) -> None:
    users = configuration.root.findall(".//section[@name='directory']/domain/user")
    assert [user.get("id") for user in users] == ["1001"] and not configuration.root.findall(".//user//param[@name='password']")
    made = phone_secret(tree)
    assert len(made) >= 20
    texts = [file.read_text() for file in (tree / "conf").rglob("*.xml")] + [(tree / "home/switch/directory/acd.xml").read_text()]
    assert not [text for text in texts if made in text]


def test_given_s03_when_the_event_socket_is_up_then_only_loopback_with_its_password_gets_in(configuration: Configuration) -> None:
    assert configuration.settings("event_socket.conf") == {
        "nat-map": "false",
        "listen-ip": "127.0.0.1",
        "listen-port": "8021",
        "password": PASSWORD,
        "apply-inbound-acl": "loopback.auto",
        "stop-on-bind-error": "true",
    }


def test_given_s03_when_the_tree_is_searched_then_no_default_password_is_in_it() -> None:
    shipped = "\n".join(file.read_text() for file in TREE.rglob("*") if file.is_file())
    assert "ClueCon" not in shipped and "1234" not in shipped
    secret = re.findall(r'name="[^"]*(?:password|secret)[^"]*" value="([^"]*)"', shipped)
    assert secret == ["$${event_socket_password}"]


def test_given_s03_when_a_command_or_application_is_not_needed_then_it_is_not_allowed(configuration: Configuration) -> None:
    allowed = configuration.allowed()
    assert all(each.count(".") == 2 for each in allowed), "a whole module is allowed"
    assert not [each for each in allowed if DANGEROUS.search(re.sub("reloadacl|reloadxml|global_setvar", "", each))]


def test_given_s03_when_the_contact_centre_needs_a_command_then_it_is_allowed(configuration: Configuration) -> None:
    root = TREE.parent / "acd"
    words = "\n".join(
        (root / "switch" / f"{name}.py").read_text() for name in ("commands_to", "node", "snapshot", "directory", "sending", "run")
    )
    words += (root / "owner" / "keeper.py").read_text()
    asked = r'(?:api\(f?"|"api |_api\(f?"|ask\("|RELOAD = "|text = f")([a-z_]+)'
    commands = set(re.findall(asked, words)) | {CALLS.split()[0], "uuid_dump"}
    applications = set(re.findall(r"""_execute\(uuid, "([a-z_]+)"|execute_on_\w+='([a-z_]+) """, words))
    applications = {each for found in applications for each in found if each}
    assert {"tone_detect", "avmd_start", "set"} <= applications
    assert {
        "sofia",
        "global_getvar",
        "global_setvar",
        "originate",
        "uuid_bridge",
        "uuid_kill",
        "sched_transfer",
        "reloadxml",
    } <= commands
    assert "playback" in applications
    allowed = configuration.allowed()
    of = {"api": ("commands", "sofia", "avmd"), "app": ("dptools", "avmd")}
    assert not [name for name in commands if not {f"mod_{each}.{name}.api" for each in of["api"]} & allowed]
    assert not [name for name in applications | {"park"} if not {f"mod_{each}.{name}.app" for each in of["app"]} & allowed]
    dialplan = {application for context in configuration.contexts() for application, _ in configuration.actions(context)}
    assert not [name for name in dialplan if f"mod_dptools.{name}.app" not in allowed]


def test_given_s03_when_modules_are_loaded_then_only_those_that_are_needed(configuration: Configuration) -> None:
    wanted = "console logfile commands dptools dialplan_xml sndfile tone_stream avmd sofia event_socket"
    assert set(configuration.modules()) == {f"mod_{name}" for name in wanted.split()}


def test_given_s03_when_the_event_socket_fails_then_freeswitch_does_not_go_on_without(configuration: Configuration) -> None:
    modules = configuration.modules()
    assert modules["mod_event_socket"] and list(modules)[-1] == "mod_event_socket"


@BOTH
def test_given_s03_when_an_info_carries_a_command_then_it_is_not_run(configuration: Configuration, profile: str) -> None:
    assert configuration.profile(profile)["extended-info-parsing"] == "false"


@BOTH
def test_given_s05_when_a_caller_chooses_a_call_id_then_it_is_no_leg_id(configuration: Configuration, profile: str) -> None:
    settings = configuration.profile(profile)
    assert settings["inbound-use-callid-as-uuid"] == settings["parse-all-invite-headers"] == "false"
    assert settings["manage-presence"] == settings["in-dialog-chat"] == settings["fire-message-events"] == "false"


def test_given_s06_when_a_trunk_is_written_then_calls_go_to_its_configured_address(configuration: Configuration) -> None:
    gateways = configuration.root.findall(".//profile[@name='trunk']/gateways/gateway")
    assert [gateway.get("name") for gateway in gateways] == ["provider"]
    params = {param.get("name"): param.get("value") for param in gateways[0]}
    assert params["proxy"] == "127.0.0.1:5999" and params["register"] == "false" and params["context"] == "public"


def test_given_s07_when_an_argument_names_a_command_then_it_is_not_run(configuration: Configuration) -> None:
    settings = configuration.settings("switch.conf")
    assert settings["api-expansion"] == "false"
    assert settings["mailer-app"] == "/bin/false" and settings["spawn-instead-of-system"] == "true"


@pytest.mark.parametrize("context", ["public", "agents"])
def test_given_s07_when_a_call_is_parked_then_its_arguments_are_searched_for_nothing(
    configuration: Configuration, context: str
) -> None:
    actions = configuration.actions(context)
    sets = [data for application, data in actions if application == "set"]
    assert sets[-1] == "app_disable_expand_variables=true"
    assert set(sets) >= {
        "park_after_bridge=true",
        "uuid_bridge_park_on_cancel=true",
        "hangup_after_bridge=false",
        "playback_terminators=none",
        "transfer_ringback=%(1000,4000,425)",
    }
    rest = [action for action in actions if action[0] != "set"]
    assert rest[:3] == [("ring_ready", ""), ("sched_transfer", "+20 unattended XML failsafe"), ("park", "")]
    assert not [data for _, data in actions if "$" in data]


def test_given_s07_when_a_caller_ends_in_the_failsafe_then_no_text_of_theirs_is_an_argument(configuration: Configuration) -> None:
    actions = configuration.actions("failsafe")
    assert [application for application, _ in actions] == ["answer", "set", "sleep", "playback", "playback", "record", "hangup"]
    assert not [data for _, data in actions if "${" in data]
    fields = [condition.get("field") for condition in configuration.root.iterfind(".//context[@name='failsafe']//condition")]
    assert fields == ["destination_number", "${uuid}"]


def test_given_the_dead_mans_switch_when_it_is_armed_again_then_it_leads_to_the_same_place(configuration: Configuration) -> None:
    assert Dialect(resolve=str).failsafe == ("unattended", "XML", "failsafe")
    destinations = [data.partition(" ")[2] for application, data in configuration.actions("public") if application == "sched_transfer"]
    assert destinations == ["unattended XML failsafe"]


def test_given_a_flood_when_it_arrives_then_sessions_are_limited(configuration: Configuration) -> None:
    settings = configuration.settings("switch.conf")
    assert (settings["max-sessions"], settings["sessions-per-second"]) == ("1000", "100")
    assert settings["event-heartbeat-interval"] == "5"
    assert all(int(configuration.profile(p)["max-recv-requests-per-second"]) <= 1000 for p in ("agents", "trunk"))


@BOTH
def test_given_a_peer_that_vanished_when_its_media_stays_away_then_the_call_ends(configuration: Configuration, profile: str) -> None:
    settings = configuration.profile(profile)
    assert 0 < int(settings["rtp-timeout-sec"]) <= 60 and settings["enable-timer"] == "true" and settings["track-calls"] == "true"
    assert settings["liberal-dtmf"] == "true" and settings["inbound-codec-prefs"] == settings["outbound-codec-prefs"] == "PCMU,PCMA"


@BOTH
def test_given_s02_a_profile_when_it_listens_then_it_says_and_takes_no_more_than_it_must(
    configuration: Configuration, profile: str
) -> None:
    settings = configuration.profile(profile)
    assert settings["bind-params"] == "transport=udp" and settings["user-agent-string"] == "acd"
    assert settings["auth-messages"] == settings["auth-subscriptions"] == settings["shutdown-on-fail"] == "true"
    assert settings["manage-shared-appearance"] == "false"
    assert {settings[n] for n in ("challenge-realm", "force-register-domain", "force-register-db-domain")} == {DOMAIN}
    assert 0 < int(settings["rtp-hold-timeout-sec"]) <= int(settings["session-timeout"]) <= 1800


def test_given_a_phone_that_is_gone_when_its_registration_ends_then_it_is_forgotten_soon(configuration: Configuration) -> None:
    settings = configuration.profile("agents")
    assert int(settings["sip-force-expires"]) + int(settings["sip-expires-late-margin"]) <= 150
    for name in ("multiple-registrations", "forward-unsolicited-mwi-notify", "send-message-query-on-register"):
        assert settings[name] == "false", name


def test_given_f21_and_f28_when_freeswitch_writes_then_calls_are_kept_and_files_are_bounded(configuration: Configuration) -> None:
    settings = configuration.settings("switch.conf")
    assert settings["core-db-name"] == "core" and settings["dump-cores"] == "false"
    global_settings = configuration.root.find(".//configuration[@name='sofia.conf']/global_settings")
    assert global_settings is not None and {p.get("name"): p.get("value") for p in global_settings}["auto-restart"] == "false"
    log = {p.get("name"): p.get("value") for p in configuration.root.iterfind(".//configuration[@name='logfile.conf']//param")}
    assert int(log["rollover"] or 0) * int(log["maximum-rotate"] or 0) <= 200_000_000 and "maximum-rotate" in log


@pytest.mark.parametrize("context", ["public", "agents"])
def test_given_s06_when_a_number_is_none_then_it_does_not_exist(configuration: Configuration, context: str) -> None:
    assert configuration.actions(context)[-1] == ("respond", "404")
    conditions = configuration.root.findall(f".//context[@name='{context}']//condition")
    assert [each.get("expression") for each in conditions] == ["^[A-Za-z0-9*#+._-]{1,64}$", None]
