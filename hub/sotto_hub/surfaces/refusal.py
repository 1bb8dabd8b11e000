"""A connection that the hub refused to make, in one sentence (pure): for plain lines and for the screen."""

from sotto_proto.v1 import companion_pb2 as pb


def refusal_sentence(contact: pb.Contact) -> str:
    """One refused attempt, for a screen: who wanted to reach whom, and that nothing went out."""
    whose = f"{contact.purpose} wanted" if contact.purpose else "something wanted"
    return f"Refused: {whose} to reach {contact.who}. Nothing was sent."
