"""Looks into a database from beside the writer, as somebody else would."""

from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    engine = create_engine(with_driver(url), poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def execute(url: str, *statements: str) -> None:
    engine = create_engine(with_driver(url), poolclass=NullPool)
    with engine.begin() as connection:
        for sql in statements:
            connection.execute(text(sql))


def with_driver(url: str) -> Any:
    made = make_url(url)
    return made.set(drivername="postgresql+psycopg") if made.get_backend_name() == "postgresql" else made
