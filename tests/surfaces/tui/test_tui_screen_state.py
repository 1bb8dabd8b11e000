"""Messages in, frozen state out; twice is the same as once; every list is bounded."""

from sotto_hub.surfaces.tui import screen_state
from sotto_hub.surfaces.tui.rows import Mark, Said, Verdict
from sotto_hub.surfaces.tui.screen_state import (
    MAX_CARDS,
    MAX_HEARD,
    MAX_KEPT,
    Hub,
    Screen,
    Snapshot,
    arrived,
    chosen_next,
    folded,
    happened,
    hub_left,
)
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui import demo_words as demo


def snapshot() -> Snapshot:
    status = pb.StatusReply(
        timezone=demo.HUB_TIMEZONE, devices=[pb.DeviceStatus(device_id="pendant", name="pendant", connected=True)]
    )
    return Snapshot(
        status=status,
        utterances=tuple(demo.demo_utterances("08:30:50")),
        suggestions=tuple(demo.demo_suggestions()),
        memories=tuple(demo.demo_memories()),
    )


def begun() -> Screen:
    return arrived(Screen(), snapshot())


def after(screen: Screen, *events: pb.Event) -> Screen:
    for event in events:
        screen = happened(screen, event)
    return screen


def utterance(number: int, at: str, text: str = "words", device: str = "pendant") -> pb.Event:
    start = demo.ns(at)
    return pb.Event(
        utterance=pb.Utterance(id=f"u{number}", device_id=device, start_ns=start, end_ns=start + 10**9, text=text)
    )


def partial(at: str, text: str, device: str = "pendant") -> pb.Event:
    return pb.Event(partial=pb.Partial(device_id=device, start_ns=demo.ns(at), text=text))


def status(*devices: pb.DeviceStatus, watermark: str = "") -> pb.Event:
    return pb.Event(status=pb.StatusReply(devices=devices, watermark_ns=demo.ns(watermark) if watermark else 0))


def texts(screen: Screen) -> list[str]:
    return [s.text for s in screen.heard]


def test_a_partial_is_replaced_by_the_next_and_by_the_final() -> None:
    one = after(begun(), partial("08:31", "now"), partial("08:31", "now where"))
    assert [s.text for s in one.speaking] == ["now where"]
    done = after(one, utterance(1, "08:31", "now where is it"))
    assert done.speaking == ()
    assert texts(done)[-1] == "now where is it"


def test_partials_of_two_devices_live_side_by_side() -> None:
    both = after(begun(), partial("08:31", "one"), partial("08:31", "two", "laptop"))
    assert len(both.speaking) == 2
    assert [s.device_id for s in after(both, utterance(1, "08:31")).speaking] == ["laptop"]


def test_a_final_leaves_a_newer_partial_alone() -> None:
    one = after(begun(), partial("08:32", "later words"), utterance(1, "08:31"))
    assert [s.text for s in one.speaking] == ["later words"]


def test_a_partial_that_never_became_words_goes_with_the_watermark() -> None:
    one = after(begun(), partial("08:31", "cough"))
    assert after(one, status(watermark="08:31")).speaking
    assert not after(one, status(watermark="08:32")).speaking


def test_late_words_are_put_in_their_place_and_twice_is_once() -> None:
    one = after(
        begun(), utterance(2, "08:32", "second"), utterance(1, "08:31", "first"), utterance(2, "08:32", "second")
    )
    assert texts(one)[-2:] == ["first", "second"]
    assert one == after(one, utterance(1, "08:31", "first"))


def test_a_snapshot_twice_changes_nothing() -> None:
    assert arrived(begun(), snapshot()) == begun()


def test_mute_and_unmute_are_marked_in_the_transcript() -> None:
    muted = pb.DeviceStatus(
        device_id="pendant", name="pendant", connected=True, muted=True, muted_until_ns=demo.ns("08:41")
    )
    one = after(begun(), status(muted, watermark="08:31"), status(muted, watermark="08:32"))
    marks = [s for s in one.heard if isinstance(s, Mark)]
    assert [(m.sign, m.text) for m in marks] == [("○", "muted until 08:41")]
    again = after(one, status(pb.DeviceStatus(device_id="pendant", connected=True), watermark="08:33"))
    assert again.heard[-1].text == "listening again"


def test_a_mute_takes_the_words_that_were_being_said() -> None:
    muted = pb.DeviceStatus(device_id="pendant", muted=True)
    assert not after(begun(), partial("08:31", "half a"), status(muted)).speaking


def test_off_the_record_takes_words_memories_cards_and_partials() -> None:
    erased = pb.Erased(
        utterance_ids=["demo18"], memory_ids=["c3"], from_ns=demo.ns("08:30:30"), to_ns=demo.ns("08:31:00")
    )
    one = after(begun(), partial("08:30:55", "secret"), pb.Event(erased=erased))
    assert not any(isinstance(s, Said) and s.id == "demo18" for s in one.heard)
    assert one.heard[-1].text == "off the record: 30 seconds"
    assert "c3" not in {k.id for k in one.kept}
    assert "s2" not in {c.id for c in one.cards}, "its reason quotes what was taken back"
    assert not one.speaking
    assert after(one, pb.Event(erased=erased)) == one


def test_an_erased_memory_leaves_no_mark() -> None:
    one = after(begun(), pb.Event(erased=pb.Erased(memory_ids=["f1"])))
    assert len(one.heard) == len(begun().heard)
    assert "f1" not in {k.id for k in one.kept}


def test_marks_outlive_a_reconnect() -> None:
    taken = pb.Event(erased=pb.Erased(from_ns=demo.ns("08:02:00"), to_ns=demo.ns("08:02:30")))
    again = arrived(hub_left(after(begun(), taken)), snapshot())
    assert "off the record: 30 seconds" in texts(again)
    assert again.hub is Hub.HERE


def test_the_chosen_suggestion_stays_chosen_when_another_comes() -> None:
    one = begun()
    assert one.chosen == "s2"
    new = after(one, pb.Event(suggestion=pb.Suggestion(id="s3", at_ns=demo.ns("08:40"), text="another")))
    assert new.chosen == "s2"
    assert [c.id for c in new.open_cards] == ["s3", "s2"]
    answered = after(new, pb.Event(suggestion=pb.Suggestion(id="s2", state=pb.SUGGESTION_STATE_LATER)))
    assert answered.chosen == "s3"
    assert [c.verdict for c in answered.answered_cards] == [Verdict.LATER, Verdict.ACCEPTED]


def test_choosing_goes_round_and_folds_the_why() -> None:
    one = after(begun(), pb.Event(suggestion=pb.Suggestion(id="s3", at_ns=demo.ns("08:40"), text="another")))
    unfolded = folded(one)
    assert unfolded.unfolded == "s2"
    assert folded(unfolded).unfolded == ""
    assert [chosen_next(unfolded, step).chosen for step in (1, -1)] == ["s3", "s3"]
    assert chosen_next(unfolded, 1).unfolded == ""
    assert chosen_next(Screen(), 1).chosen == ""


def test_evidence_names_words_memories_and_what_is_gone() -> None:
    one = begun()
    card = next(c for c in one.cards if c.id == "s1")
    assert [e.text for e in one.evidence(card)] == [
        "“my sister is coming for dinner tomorrow at seven”",
        "commitment: my sister is coming for dinner",
    ]
    forgotten = after(one, pb.Event(suggestion=pb.Suggestion(id="s1", evidence=["x", "y"])))
    gone = next(c for c in forgotten.cards if c.id == "s1")
    assert [e.text for e in forgotten.evidence(gone)] == ["2 earlier, no longer on this screen"]


def test_commitments_come_by_due_time_then_the_rest_newest_first() -> None:
    assert [k.id for k in begun().memories] == ["c1", "c2", "c3", "f1", "e1"]
    done = after(begun(), pb.Event(memory=demo.commitment(3, "Buy the red apples", "2026-03-10", status="done")))
    assert [k.id for k in done.memories] == ["c1", "c2", "f1", "c3", "e1"]


def test_a_memory_that_is_past_leaves() -> None:
    past = pb.Memory(id="f1", kind="fact", text="old", superseded_ns=1)
    assert "f1" not in {k.id for k in after(begun(), pb.Event(memory=past)).kept}


def test_a_memory_that_was_pruned_leaves_and_comes_back_and_one_in_doubt_never_comes() -> None:
    binned = after(begun(), pb.Event(memory=pb.Memory(id="f1", kind="fact", text="old", binned_ns=1)))
    assert "f1" not in {k.id for k in binned.kept}
    back = after(binned, pb.Event(memory=pb.Memory(id="f1", kind="fact", text="old")))
    assert "f1" in {k.id for k in back.kept}
    doubtful = pb.Memory(id="f9", kind="fact", text="he likes it", doubt="unclear_subject")
    assert after(back, pb.Event(memory=doubtful)).kept == back.kept


def test_unknown_events_change_nothing() -> None:
    one = begun()
    assert happened(one, pb.Event()) is one
    assert happened(one, pb.Event(lagged=pb.Lagged(missed=3))) is one


def test_everything_is_bounded() -> None:
    one = begun()
    for n in range(1_000):
        one = after(
            one,
            partial("09:00", "words", f"device{n}"),
            pb.Event(utterance=pb.Utterance(id=f"n{n}", start_ns=demo.ns("09:00") + n, text="w")),
            pb.Event(suggestion=pb.Suggestion(id=f"n{n}", at_ns=n)),
            pb.Event(memory=pb.Memory(id=f"n{n}", kind="fact", recorded_ns=demo.ns("09:00") + n)),
        )
    assert len(one.heard) == MAX_HEARD
    assert len(one.cards) == MAX_CARDS
    assert len(one.kept) == MAX_KEPT
    assert len(one.speaking) <= screen_state.MAX_SPEAKING
    assert {"c1", "c2", "c3"} <= {k.id for k in one.kept}, "what is to be done outlives what is newer"


def test_an_empty_screen_has_no_time() -> None:
    assert Screen().now_ns == 0
    assert screen_state.when(Screen()) == ""
    assert screen_state.when(begun()) == "Mon 9 Mar  08:30"
