"""docker-compose.yml without an engine: its parts fit together, no password has a default, the event socket is on no network.

Where Docker's compose is installed it is asked too.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("line", "configure", "freeswitch", "acd", "prometheus", "grafana")


def test_given_the_file_when_read_then_all_that_the_issue_names_is_there() -> None:
    assert set(SERVICES) == {*OURS, "db"}
    images = {name: service.get("image", "") for name, service in SERVICES.items()}
    assert images["db"].startswith("postgres:") and images["grafana"].startswith("grafana/grafana:")
    assert not [name for name, image in images.items() if "build" not in SERVICES[name] and not re.search(r":v?[0-9]", image)]


def test_given_a_password_when_it_is_not_set_then_compose_refuses_to_start() -> None:
    variables = re.findall(r"\$\{([^}]+)\}", TEXT)
    assert variables and all(":?" in each for each in variables), variables
    settings = {**SERVICES["db"]["environment"], **SERVICES["grafana"]["environment"], **SERVICES["acd"]["environment"]}
    secret = {name: value for name, value in settings.items() if "PASSWORD" in name or "URL" in name}
    assert len(secret) == 3 and all("${ACD_" in value for value in secret.values())


def test_given_s03_when_the_parts_talk_then_the_event_socket_and_metrics_are_on_no_network() -> None:
    assert [SERVICES[name]["network_mode"] for name in ("freeswitch", "acd", "prometheus")] == ["service:line"] * 3
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert sorted(published) == ["127.0.0.1:3000:3000", "16384-16583:16384-16583/udp", "5060:5060/udp", "5080:5080/udp"]
    assert SERVICES["db"]["networks"] == ["records"] and COMPOSE["networks"]["records"]["internal"] is True
    assert set(SERVICES["line"]["networks"]) == {"floor", "records"}


def test_given_the_audio_when_it_is_published_then_freeswitch_uses_those_ports() -> None:
    command = SERVICES["configure"]["command"]
    assert command[command.index("--rtp-ports") + 1] == "16384-16583" and command[0] == "freeswitch-conf"
    assert int(command[command.index("--max-sessions") + 1]) * 2 <= 16583 - 16384 + 1


@pytest.mark.parametrize("name", OURS)
def test_given_a_service_when_it_runs_then_it_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service


def test_given_all_volumes_when_mounted_then_they_exist_and_configuration_is_read_only() -> None:
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source, _, rest = mount.partition(":")
            if source.startswith("."):
                assert rest.endswith(":ro"), f"{name}: {mount}"
                assert source in ("./sounds", "./music") or (ROOT / source).exists(), f"{name}: {mount}"
            else:
                assert source in COMPOSE["volumes"], f"{name}: {mount}"


def test_given_services_that_wait_when_started_then_what_they_wait_for_is_there() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES
            assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
    assert SERVICES["freeswitch"]["depends_on"]["configure"]["condition"] == "service_completed_successfully"


def test_given_grafana_when_it_asks_prometheus_then_the_name_leads_there() -> None:
    sources = yaml.safe_load((ROOT / "monitoring/grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    host = re.fullmatch(r"http://(\w+):9090", sources[0]["url"])
    assert host and host[1] in SERVICES["line"]["networks"]["floor"]["aliases"]
    dashboards = yaml.safe_load((ROOT / "monitoring/grafana/provisioning/dashboards/acd.yaml").read_text())["providers"]
    assert f"./monitoring/grafana/dashboards:{dashboards[0]['options']['path']}:ro" in SERVICES["grafana"]["volumes"]


def test_given_prometheus_when_it_scrapes_then_it_finds_the_contact_centre() -> None:
    jobs = yaml.safe_load((ROOT / "monitoring/prometheus.yml").read_text())["scrape_configs"]
    targets = [target for job in jobs for static in job["static_configs"] for target in static["targets"]]
    port = yaml.safe_load((ROOT / "config/acd.yaml").read_text())["http"]["port"]
    assert targets == [f"localhost:{port}"] and f"127.0.0.1:{port}/healthz" in str(SERVICES["acd"]["healthcheck"]["test"])


@pytest.mark.parametrize("name", ["freeswitch", "acd"])
def test_given_an_image_when_built_then_it_runs_without_root_from_files_that_exist(name: str) -> None:
    assert SERVICES[name]["build"]["dockerfile"] == f"docker/{name}.Dockerfile"
    lines = (ROOT / "docker" / f"{name}.Dockerfile").read_text().splitlines()
    words = [line.split() for line in lines if line.strip()]
    assert ["USER", "10001:10001"] in words
    copied = [word for line in words if line[0] == "COPY" and not line[1].startswith("--from") for word in line[1:-1]]
    assert not [path for path in copied if path != "README.md" and not (ROOT / path).exists()]


def test_given_s03_freeswitchs_image_when_built_then_it_holds_no_other_program() -> None:
    last = (ROOT / "docker" / "freeswitch.Dockerfile").read_text().split("FROM scratch\n")[1]
    copied = re.findall(r"COPY --from=packages (?:--chown=\S+ )?(\S+)", last)
    programs = [path for path in copied if "bin" in path.split("/")]
    assert programs == ["/usr/bin/freeswitch"] and "RUN" not in last.split()


def test_given_docker_compose_when_asked_then_it_reads_the_file() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose here")
    secrets = {"ACD_DB_PASSWORD": "x", "ACD_GRAFANA_PASSWORD": "x"}
    words = [docker, "compose", "-f", str(FILE), "config", "--format", "json"]
    done = subprocess.run(words, env={"PATH": "/usr/bin:/bin", **secrets}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["services"]) == set(SERVICES)
    assert subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False).returncode != 0
