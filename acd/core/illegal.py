"""What is raised when the core asks a record for a move that its table does not hold: a bug, never a caller's doing."""


class IllegalMove(Exception):
    pass
