"""Tables beside the flows: ``tables/*.csv``. Read whole when the flows are loaded; refused with file and line."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from acd.config.document import Problem, Refused
from acd.config.kinds import matching
from acd.config.sentences import shown
from acd.ivr.steps.lookup import Row, Table

FOLDER = "tables"
MOST_BYTES = 4_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 50
MOST_CELL = 1000
MOST_FAULTS = 20
_column = matching(r"[a-z][a-z0-9_]{0,62}", "the name of a column (a small letter, then small letters, digits, _)")
_name = matching(r"[a-z0-9][a-z0-9_-]{0,62}", "a file name of small letters, digits, _ and -")


class Wrong(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def load_tables(folder: Path) -> Mapping[str, Table]:
    """By name, from the flows' folder. Raises Refused with what is wrong in all files together."""
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for file in sorted((folder / FOLDER).glob("*.csv")):
        try:
            found[file.stem] = load_table(file)
        except Wrong as wrong:
            problems.append(Problem(file=str(file), line=wrong.line, column=1, what=str(wrong)))
    if problems:
        raise Refused(problems)
    return found


def load_table(file: Path) -> Table:
    """Raises Wrong."""
    try:
        _name(file.stem)
    except ValueError as error:
        raise Wrong(1, str(error)) from None
    text = _text(file)
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";" if ";" in first and "," not in first else ",", strict=True)
    lines = _lines(reader)
    try:
        columns = _columns(next(lines, (1, ()))[1])
        rows = [(line, row) for line, row in lines if any(row)]
    except csv.Error as error:
        raise Wrong(reader.line_num, f"this is not CSV: {error}") from None
    for line, row in rows:
        _check(line, row, columns)
    if len(rows) > MOST_ROWS:
        raise Wrong(rows[MOST_ROWS][0], f"up to {MOST_ROWS:,} rows are allowed; a larger table belongs in a database")
    kept = tuple(row for _, row in rows)
    return Table(name=file.stem, file=str(file), columns=columns, rows=kept, lines=tuple(line for line, _ in rows))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Wrong(1, f"cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise Wrong(1, f"is too large; up to {MOST_BYTES:,} bytes are allowed; a larger table belongs in a database")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Wrong(raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, Row]]:
    """Rows with the line in which each begins."""
    begins = 1
    for row in reader:
        yield begins, tuple(cell.strip() for cell in row)
        begins = reader.line_num + 1  # type: ignore[attr-defined]


def _columns(header: Row) -> Row:
    if not header or len(header) > MOST_COLUMNS:
        raise Wrong(1, f"the first line names the columns, 1 to {MOST_COLUMNS} of them; this one has {len(header)}")
    for n, column in enumerate(header):
        try:
            _column(column)
        except ValueError as error:
            raise Wrong(1, f"column {n + 1}: {error}") from None
        if column in header[:n]:
            raise Wrong(1, f"the column {column!r} is here twice")
    return header


def _check(line: int, row: Row, columns: Row) -> None:
    if len(row) != len(columns):
        raise Wrong(line, f"{len(row)} values where the first line names {len(columns)} columns ({', '.join(columns[:10])})")
    for column, cell in zip(columns, row, strict=True):
        if len(cell) > MOST_CELL or not cell.isprintable():
            raise Wrong(line, f"{column}: found {shown(cell)}; one line of up to {MOST_CELL} characters is allowed")
