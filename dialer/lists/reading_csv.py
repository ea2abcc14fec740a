"""A CSV file of any size, row by row with the line on which it begins. Says where it is no text, and where it breaks off."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

SEPARATORS = ",;\t"
LONGEST_LINE = 1 << 20


class Unreadable(Exception):
    """From ``line`` on there is nothing to be read."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


Row = tuple[int, list[str] | str]
"""The line on which it begins, and its values, or what is wrong with it."""


def rows(path: Path) -> Iterator[Row]:
    """Raises Unreadable when the file goes on in no UTF-8, or breaks off in the middle of a row."""
    with path.open("rb") as file:
        lines = _lines(file)
        first = next(lines, None)
        if first is None:
            raise Unreadable(1, "the file is empty")
        yield from _parsed([first], lines, separator_of(first))


def separator_of(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _parsed(first: Sequence[str], rest: Iterator[str], separator: str) -> Iterator[Row]:
    def together() -> Iterator[str]:
        yield from first
        yield from rest

    reader = csv.reader(together(), delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                raise Unreadable(begins, "the file breaks off in the middle of a row") from None
            yield begins, "no CSV: quotes or a value of more than 128 KiB"
            continue
        if row:
            yield begins, row


def _lines(file: BinaryIO) -> Iterator[str]:
    n = 0
    while line := file.readline(LONGEST_LINE):
        n += 1
        if len(line) == LONGEST_LINE:
            raise Unreadable(n, "a line of more than 1 MiB")
        try:
            yield line.decode("utf-8-sig" if n == 1 else "utf-8")
        except UnicodeDecodeError:
            raise Unreadable(n, "no UTF-8; save the file as UTF-8 and import it again: what is there already stays as it is") from None
