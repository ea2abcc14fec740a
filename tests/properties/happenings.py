"""What happens in a story, as hypothesis draws it."""

from hypothesis import strategies as st

from tests.properties.story import TARGETS, WISHES

N = st.integers(0, 3)
EACH = (
    st.tuples(st.just("call"), st.sampled_from([0, 0, 0, 1, 2])),
    st.tuples(st.just("deliver"), N),
    st.tuples(st.just("deliver"), N),
    st.tuples(st.just("lose"), N),
    st.tuples(st.just("twice"), N),
    st.tuples(st.just("later"), N),
    st.tuples(st.just("ring"), N),
    st.tuples(st.just("pick_up"), N),
    st.tuples(st.just("phone_ends"), N),
    st.tuples(st.just("caller_ends"), N),
    st.tuples(st.just("press"), N),
    st.tuples(st.just("ready"), N),
    st.tuples(st.just("ready"), N),
    st.tuples(st.just("not_ready"), N),
    st.tuples(st.just("log_out"), N),
    st.tuples(st.just("phone_down"), N),
    st.tuples(st.just("phone_up"), N),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 16, 40, 400])),
    st.tuples(st.just("snapshot"), N),
    st.tuples(st.just("node_lost"), N),
    st.tuples(st.just("switch_crash"), N),
    st.tuples(st.just("restart"), N),
    st.tuples(st.just("rush"), N),
    st.tuples(st.just("desk"), N),
    st.tuples(st.just("desk"), N),
    st.tuples(st.just("desk_closes"), N),
    st.tuples(st.just("starts"), N),
    st.tuples(st.just("renames"), N),
)
ACTIONS = st.lists(st.one_of(*EACH), max_size=70)
WHATS = (
    *("agent_presses", "agent_presses", "agent_hears_out", "phone_moves", "agent_dials", "dispose", "more_time"),
    *("nails_up", "nails_up", "take_down", "nail_up", "agent_hears_out"),
    *("joins", "joins", "hears_out", "hears_out", "presses", "answers", "play_ends"),
    *("pause", "resume", "decline", "tape_fails", "supervise", "supervise", "supervise", "answers"),
)
MORE = tuple(st.tuples(st.just(what), N) for what in WHATS)
WAITING_ACTIONS = st.lists(st.one_of(*EACH, *MORE), min_size=20, max_size=70)
TALK = (
    *(st.tuples(st.just("wishes"), st.integers(0, 3 * len(WISHES) * len(TARGETS) - 1)) for _ in range(6)),
    *(
        st.tuples(st.just(what), N)
        for what in ("types", "phone_holds", "phone_resumes", "in_talk", "consults", "consults", "asks_outside")
    ),
    *(st.tuples(st.just(what), N) for what in ("answers", "deliver")),
    st.tuples(st.just("forgets"), st.integers(0, 7)),
)
WATCHING = tuple(st.tuples(st.just(what), N) for what in ("supervise", "supervise", "answers", "pause", "resume", "tape_fails"))
TALK_ACTIONS = st.lists(st.one_of(*EACH, *TALK, *WATCHING), min_size=10, max_size=70)
NAILS = ("nails_up", "nails_up", "nails_up", "agent_hears_out", "agent_hears_out", "take_down", "agent_presses")
NAILED_ACTIONS = st.lists(st.one_of(*EACH, *TALK, *(st.tuples(st.just(what), N) for what in NAILS)), min_size=20, max_size=70)
