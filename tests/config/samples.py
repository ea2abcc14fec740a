"""Parts of a sample that stand in comments, as they are when somebody takes the comment signs away."""


def uncommented(text: str, *sections: str) -> str:
    """``text`` with these top-level keys in force: from ``# key:`` to where the comment ends."""
    lines, is_on = [], False
    for line in text.splitlines():
        key = line.removeprefix("# ").partition(":")[0]
        if line.startswith("# ") and (key in sections or is_on and line.startswith("#  ")):
            is_on = True
            lines.append(line[2:])
        else:
            is_on = False
            lines.append(line)
    assert all(any(line.startswith(f"{name}:") for line in lines) for name in sections)
    return "\n".join(lines) + "\n"
