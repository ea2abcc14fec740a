"""What ``acd.yaml`` says of the world outside: refused with place and sentence; a secret's value is shown nowhere."""

from pathlib import Path

import pytest

from acd.beyond import opened_of
from acd.config.configuration import Configuration
from acd.config.document import Refused
from acd.config.load import load
from acd.loading import load_all

GOOD = """\
nodes: {a: {}}
secrets:
  token: {env: ACD_TEST_TOKEN}
  hook: {file: private/hook}
requests:
  allow: [10.1.2.0/24, "Crm.internal:8080", 127.0.0.1]
  at_once: 7
databases:
  crm: {url_env: ACD_TEST_CRM}
  local: {url: "sqlite:////srv/x.db"}
mailboxes:
  main: {name: Sales, notify: {url: https://hooks.example.com/x, secret: hook, email: ann@example.com}}
  quiet:
smtp: {host: mail.example.com, sender: acd@example.com, user: acd, password: token}
"""


def loaded(folder: Path, text: str = GOOD) -> Configuration:
    (folder / "acd.yaml").write_text(text)
    return load(folder)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "hook").write_text("hook-value\n")
    monkeypatch.setenv("ACD_TEST_TOKEN", "token-value")
    monkeypatch.setenv("ACD_TEST_CRM", "postgresql://u:word@db/crm")
    return tmp_path


def test_given_all_of_it_when_loaded_and_opened_then_it_is_there(there: Path) -> None:
    configuration = loaded(there)
    outside, found = configuration.outside, opened_of(configuration)
    assert outside.allow == ("10.1.2.0/24", "crm.internal:8080", "127.0.0.1/32") and outside.at_once == 7
    assert found.secrets == {"token": "token-value", "hook": "hook-value"}
    assert found.databases == {"crm": "postgresql://u:word@db/crm", "local": "sqlite:////srv/x.db"}
    main = outside.mailboxes["main"]
    assert (main.name, main.url, main.secret, main.email) == ("Sales", "https://hooks.example.com/x", "hook", "ann@example.com")
    assert outside.mailboxes["quiet"].url is None and outside.smtp is not None and outside.smtp.port == 587


def test_given_secrets_when_anything_is_shown_then_their_values_are_not(there: Path) -> None:
    configuration = loaded(there)
    shown = repr(configuration) + repr(opened_of(configuration))
    assert "token-value" not in shown and "hook-value" not in shown and "word@db" not in shown


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ACD_TEST_TOKEN", "ACD_TEST_NOT_THERE", "3:3: the secret 'token' is missing: environment variable ACD_TEST_NOT_THERE"),
        ("private/hook", "private/no", "4:3: the secret 'hook' is missing: "),
        ("private/hook", "private", "cannot be read"),
        ("ACD_TEST_CRM", "ACD_TEST_NOT_THERE", "9:3: environment variable ACD_TEST_NOT_THERE holds no URL"),
        ("ACD_TEST_CRM", "ACD_TEST_TOKEN", "9:3: environment variable ACD_TEST_TOKEN holds no URL"),
    ],
)
def test_given_something_that_is_not_there_when_opened_then_it_is_refused_with_its_line_and_no_value(
    there: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened_of(loaded(there, GOOD.replace(old, new)))
    assert says in str(refused.value) and "acd.yaml:" in str(refused.value) and "token-value" not in str(refused.value)


@pytest.mark.parametrize("value", ["two\nlines", "x" * 5000, "é", "\x00"])
def test_given_a_file_that_holds_no_secret_when_opened_then_it_is_refused(there: Path, value: str) -> None:
    (there / "private" / "hook").write_text(value)
    with pytest.raises(Refused, match="holds more than one line"):
        opened_of(loaded(there))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{env: ACD_TEST_TOKEN}", "{}", "3:10: either 'env' (a variable of the environment) or 'file' is needed"),
        ("{env: ACD_TEST_TOKEN}", "{env: A, file: b}", "either 'env'"),
        ("{env: ACD_TEST_TOKEN}", "plain-text", "3:10: found 'plain-text'; a mapping is needed"),
        ("10.1.2.0/24", "10.1.2.9/24", "found '10.1.2.9/24'; a network such as 10.1.2.0/24 or a host"),
        ("10.1.2.0/24", "crm.internal", "a host such as crm.internal:8080 is needed"),
        ("at_once: 7", "at_once: 0", "at least 1"),
        ("secret: hook", "secret: hok", "there is no secret 'hok' (did you mean 'hook'?); allowed: hook, token"),
        (", secret: hook", "", "'url' and 'secret' go together"),
        ("url: https://hooks.example.com/x, secret: hook, email: ann@example.com", "", "'url', 'email' or both are needed"),
        ("ann@example.com", "Ann <ann@example.com>", "an address such as ann@example.com is needed"),
        ("https://hooks", "ftp://hooks", "a URL such as"),
        ("password: token", "password: tokn", "14:68: there is no secret 'tokn' (did you mean 'token'?)"),
        ("smtp: {", "# ", "notify: {url"),
        ("{url_env: ACD_TEST_CRM}", "{url: mysql://x}", "sqlite:///FILE or postgresql://... is needed"),
        ("{url_env: ACD_TEST_CRM}", "{}", "either 'url' or 'url_env' is needed"),
    ],
)
def test_given_something_that_is_wrong_when_loaded_then_it_is_refused_with_a_sentence(
    there: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        loaded(there, GOOD.replace(old, new))
    if says == "notify: {url":
        assert "nobody says how to send mail; give 'smtp' with host and sender" in str(refused.value)
    else:
        assert says in str(refused.value), str(refused.value)


def test_given_flows_when_all_is_loaded_then_they_know_secrets_databases_and_tables(there: Path) -> None:
    flows = there / "flows"
    (flows / "tables").mkdir(parents=True)
    (flows / "tables" / "people.csv").write_text("number,name\n1,Ada\n1,Ben\n")
    (flows / "main.yaml").write_text(
        "start: a\nsteps:\n"
        "  a: {step: http, url: https://x.example.com/, headers: {X-A: {secret: tken}}, next: b, otherwise: b}\n"
        "  b: {step: lookup, database: crn, table: t, where: {a: b}, next: c, otherwise: c}\n"
        "  c: {step: lookup, table: people, where: {number: x}, next: d, otherwise: d}\n"
        "  d: {step: hang_up}\n"
    )
    (there / "acd.yaml").write_text(GOOD + "paths: {flows: flows}\n")
    with pytest.raises(Refused) as refused:
        load_all(there)
    told = str(refused.value)
    assert "main.yaml:3:48: there is no secret 'tken' (did you mean 'token'?); allowed: hook, token" in told
    assert "main.yaml:4:21: there is no database 'crn' (did you mean 'crm'?); allowed: crm, local" in told
    assert "people.csv:3: number '1' is here twice, first in line 2" in told
