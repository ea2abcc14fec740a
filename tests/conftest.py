"""For all tests: hypothesis prints how to reproduce what it found; where only proof is wanted (CI) it looks for the same each time."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, print_blob=True)
settings.register_profile("dev", print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
