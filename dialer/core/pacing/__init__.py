"""How many lines to launch now: one small interface (``pacer``), and those who answer it: progressive, ratio, predictive."""
