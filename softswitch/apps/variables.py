"""set, multiset, export, unset. Values are taken as they are: ``${…}`` means nothing here."""

from softswitch.session import Session


def set_one(session: Session, argument: str) -> None:
    name, _, value = argument.partition("=")
    session.channel.set(name.strip(), value.strip())


def set_many(session: Session, argument: str) -> None:
    """``a=1 b=2``, or ``^^;a=1;b=2`` with the separator that it names."""
    separator = " "
    if argument.startswith("^^") and len(argument) > 2:
        separator, argument = argument[2], argument[3:]
    for item in argument.split(separator):
        set_one(session, item)


def export(session: Session, argument: str) -> None:
    """For this leg and those that it will make."""
    name, _, value = argument.partition("=")
    only_others = name.startswith("nolocal:")
    name = name.removeprefix("nolocal:").strip()
    if not only_others:
        session.channel.set(name, value.strip())
    else:
        session.channel.set(f"nolocal:{name}", value.strip())
    known = [one for one in session.channel.variables.get("export_vars", "").split(",") if one]
    wanted = f"nolocal:{name}" if only_others else name
    session.channel.set("export_vars", ",".join(dict.fromkeys([*known, wanted])))


def unset(session: Session, argument: str) -> None:
    session.channel.set(argument.strip(), None)
