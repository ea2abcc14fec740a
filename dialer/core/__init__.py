"""Pure: no clock, no socket, no die. The time is on the event."""
