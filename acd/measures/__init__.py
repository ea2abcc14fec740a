"""The glossary as code: each number that is reported, as a named formula over raw counters. PURE.

The peers do not agree on what a service level is, so a number without its formula is worthless. Counters are kept raw; a formula has
an id (``service_level/acd-1``) that goes along with every number that it makes. A changed formula is a new id: what was reported
once is never rewritten (``tests/measures/frozen.json`` holds them to that).
"""
