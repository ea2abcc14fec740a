"""A campaign's shift on a clock of events, thousands of times faster than it is: seeded worlds, and what came of them."""
