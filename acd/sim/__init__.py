"""The same core on a clock of events: simulation, replay, and a make-believe switch. Knows no gevent, socket or real clock."""
