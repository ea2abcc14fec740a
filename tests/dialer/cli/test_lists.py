from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dialer.cli.main import main

NUMBER = "+493012345678"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def dialer(home: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [*args, "--home", str(home)])


def test_given_a_file_when_imported_then_the_counts_the_report_and_the_lead_can_be_seen(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "spring.csv"
    file.write_text(f"id,name,number\n1,\x1b[31mEve,{NUMBER}\n2,Bob,nonsense\n")
    done = dialer(home, "leads", "import", "spring", str(file), "--region", "de")
    assert done.exit_code == 0 and "1 added" in done.output and "1 refused: no phone number" in done.output
    assert (tmp_path / "spring.csv.refused.csv").read_text().splitlines()[1].startswith("3,no phone number")
    seen = dialer(home, "leads", "show", "spring", "1")
    assert NUMBER in seen.output and "never dialled" in seen.output and "\x1b[31m" not in seen.output
    assert "ready" in dialer(home, "leads", "report").output
    assert "no lead" in dialer(home, "leads", "show", "spring", "9").output


def test_given_a_broken_file_when_imported_then_it_fails_and_says_where(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "spring.csv"
    file.write_bytes(f"id,number\n1,{NUMBER}\n2,K\xf6ln\n".encode("latin-1"))
    done = dialer(home, "leads", "import", "spring", str(file))
    assert done.exit_code == 1 and "stopped at line 3" in done.output and "1 added" in done.output


def test_given_a_number_when_listed_and_not_any_more_then_check_tells(home: Path) -> None:
    assert dialer(home, "dnc", "add", "030 12345678", "--region", "DE").exit_code == 0
    assert "internal" in dialer(home, "dnc", "check", NUMBER).output
    assert dialer(home, "dnc", "remove", NUMBER).exit_code == 0
    assert "is on no list" in dialer(home, "dnc", "check", NUMBER).output
    assert dialer(home, "dnc", "remove", NUMBER).exit_code == 1
    assert "allowed are internal" in dialer(home, "dnc", "add", NUMBER, "--scope", "all").output


def test_given_a_national_file_without_its_date_when_imported_then_it_is_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "us.txt"
    file.write_text(f"{NUMBER}\n")
    assert "--dated" in dialer(home, "dnc", "import", str(file), "--scope", "national:us").output
    done = dialer(home, "dnc", "import", str(file), "--scope", "national:us", "--dated", "2026-11-01")
    assert done.exit_code == 0 and "1 numbers listed" in done.output
    assert "national:us" in dialer(home, "dnc", "check", NUMBER).output


def test_given_an_order_that_is_none_when_asked_for_then_it_says_what_is_allowed(home: Path) -> None:
    assert "allowed are oldest" in dialer(home, "leads", "order", "spring", "best").output
    assert "0 put back" in dialer(home, "leads", "recycle", "spring", "--outcome", "busy").output
