"""Suggestions, notes and peers: what is put in comes out, and what is erased is gone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from sotto_hub.errors import HomeError, UsageError
from sotto_hub.records import Suggestion, Verdict
from sotto_hub.store.database import open_database
from sotto_hub.store.notes import Notes
from sotto_hub.store.peers import Peer, Peers
from sotto_hub.store.suggestions import SuggestionShelf
from sotto_proto.pairing import PeerRole

MINUTE = 60_000_000_000


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as opened:
        yield opened


def offered(number: int, *evidence: str) -> Suggestion:
    return Suggestion(id=f"s{number}", at_ns=number, kind="reminder", text="t", reason="r", evidence=evidence)


def test_suggestions_come_out_as_they_went_in(db: Database) -> None:
    shelf = SuggestionShelf(db)
    shelf.add(offered(2, "u1", "m1"))
    shelf.add(offered(1))
    assert shelf.all() == [offered(1), offered(2, "u1", "m1")]
    assert shelf.get("s2") == offered(2, "u1", "m1")
    assert shelf.get("s9") is None
    assert shelf.count() == 2


def test_an_answer_closes_a_suggestion(db: Database) -> None:
    shelf = SuggestionShelf(db)
    shelf.add(offered(1))
    shelf.add(offered(2))
    answered = shelf.answer("s1", Verdict.EDITED, 9, "my words")
    assert (answered.verdict, answered.answered_ns, answered.text) == (Verdict.EDITED, 9, "my words")
    assert shelf.get("s1") == answered
    assert shelf.all(open_only=True) == [offered(2)]


def test_an_unknown_suggestion_cannot_be_answered(db: Database) -> None:
    with pytest.raises(UsageError, match="no such suggestion"):
        SuggestionShelf(db).answer("s9", Verdict.ACCEPTED, 1)


def test_suggestions_are_found_by_what_they_rest_on_and_erased(db: Database) -> None:
    shelf = SuggestionShelf(db)
    for one in (offered(1, "u1"), offered(2, "u2", "m1"), offered(3)):
        shelf.add(one)
    assert shelf.resting_on(["u1", "m1"]) == [offered(1, "u1"), offered(2, "u2", "m1")]
    shelf.erase(["s1", "s2"])
    shelf.erase([])
    assert shelf.all() == [offered(3)]


def test_notes(db: Database) -> None:
    notes = Notes(db)
    assert notes.get("a.1") is None
    notes.put("a.1", "x")
    notes.put("a.1", "y")
    notes.put("b", "z")
    assert notes.get("a.1") == "y"
    assert notes.named("a.") == {"a.1": "y"}
    notes.drop("a.1")
    assert notes.named("") == {"b": "z"}


def test_peers_survive_a_restart(db: Database) -> None:
    peer = Peer(id="device-1", name="pendant", role=PeerRole.DEVICE, fingerprint="f", paired_ns=5)
    Peers(db).add(peer)
    peers = Peers(db)
    assert peers.all() == [peer]
    assert peers.get("device-1") == peer
    peers.remove("device-1")
    peers.remove("device-1")
    assert Peers(db).all() == []


def test_who_is_removed_is_cut_off_even_where_the_disk_cannot_take_it(db: Database) -> None:
    peers, told = Peers(db), list[str]()
    peers.add(Peer(id="lost", name="pendant", role=PeerRole.DEVICE, fingerprint="f", paired_ns=5))
    peers.when_removed(told.append)
    db.execute("pragma query_only = on")
    with pytest.raises(HomeError):
        peers.remove("lost")
    db.execute("pragma query_only = off")
    assert told == ["lost"]
    assert peers.get("lost") is None
    assert [peer.id for peer in peers.all()] == ["lost"], "the keeper sees that it is still to be done"
    peers.remove("lost")
    assert Peers(db).all() == []


def test_a_call_is_noted_to_the_minute(db: Database) -> None:
    peers = Peers(db)
    peers.add(Peer(id="p", name="p", role=PeerRole.CLIENT, fingerprint="f", paired_ns=5))
    for at_ns, expected in ((MINUTE, MINUTE), (MINUTE + 5, MINUTE), (2 * MINUTE, 2 * MINUTE)):
        peers.seen("p", at_ns)
        peer = peers.get("p")
        assert peer is not None
        assert peer.seen_ns == expected
