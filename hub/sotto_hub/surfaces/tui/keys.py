"""Which key does what on the screen: names of actions of the app, and what an answering key answers."""

from typing import Final

from textual.binding import Binding, BindingType

from sotto_proto.v1 import companion_pb2 as pb

BINDINGS: Final[list[BindingType]] = [
    Binding("a", "answer('accept')", "accept"),
    Binding("d", "answer('dismiss')", "dismiss"),
    Binding("l", "answer('later')", "later"),
    Binding("n", "answer('never')", "never"),
    Binding("w", "why", "why"),
    Binding("up,k", "choose(-1)", "previous"),
    Binding("down,j", "choose(1)", "next"),
    Binding("slash", "ask", "ask"),
    Binding("m", "mute", "mute"),
    Binding("M", "mute_for_a_while", "mute 10 min"),
    Binding("s", "sensors", "sensors"),
    Binding("o", "off_the_record", "off the record"),
    Binding("L", "ledger", "ledger"),
    Binding("pageup", "scroll('page_up')", "older", priority=True),
    Binding("pagedown", "scroll('page_down')", "newer", priority=True),
    Binding("escape", "close_answer", "close"),
    Binding("q", "leave", "quit"),
    Binding("ctrl+c,ctrl+q", "quit", "quit", priority=True),
]

ANSWERS: Final = {
    "accept": pb.SUGGESTION_STATE_ACCEPTED,
    "dismiss": pb.SUGGESTION_STATE_DISMISSED,
    "later": pb.SUGGESTION_STATE_LATER,
    "never": pb.SUGGESTION_STATE_NEVER,
}
