"""Reports: raw counters -> tables of numbers, each number with the id of its definition. PURE; who prints or reads is elsewhere."""
