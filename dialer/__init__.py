"""The dialer: campaigns, leads, pacing and the law. ``acd`` never imports it but for its wiring."""
