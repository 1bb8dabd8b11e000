"""Writes small recorded days for tests: a tone for a scene, a few pixels for a picture."""

import json
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.device.sensed import tone

SESSION = 'start = "2026-03-09T08:00:00+01:00"\ntimezone = "Europe/Stockholm"\ngaze_hz = 100\nframe_size = [64, 48]\n'
START_NS = 1_773_039_600_000_000_000
JPEG = b"\xff\xd8\xff\xe0 a few pixels"


def write_flac(path: Path, pcm: bytes, rate: int = 16_000) -> None:
    """A mono FLAC file."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """A JSON-lines file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_day(
    folder: Path,
    scenes: Sequence[tuple[float, bytes]] = ((0.0, tone(1000)),),
    *,
    controls: Sequence[Mapping[str, object]] = (),
    pictures_s: Sequence[float] = (),
    gaze_s: Sequence[float] = (),
) -> Path:
    """A recorded day: scenes are (seconds since the start, sound)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "session.toml").write_text(SESSION)
    rows = []
    for number, (at_s, pcm) in enumerate(scenes, start=1):
        name = f"audio/{number:04}.flac"
        write_flac(folder / name, pcm)
        rows.append({"at_s": at_s, "file": name, "seconds": len(pcm) / 32_000})
    write_rows(folder / "audio.jsonl", rows)
    write_rows(folder / "controls.jsonl", controls)
    shots = [{"at_s": at_s, "file": f"{n}.jpg"} for n, at_s in enumerate(pictures_s)]
    write_rows(folder / "frames.jsonl", shots)
    for shot in shots:
        (folder / str(shot["file"])).write_bytes(JPEG)
    points = "".join(f"{at_s:.3f},0.5,0.25,0.9\n" for at_s in gaze_s)
    (folder / "gaze.csv").write_text("at_s,x,y,confidence\n" + points)
    return folder


def ramp(samples: int) -> bytes:
    """Sound in which every sample says its own place."""
    return array("h", [n % 30_000 for n in range(samples)]).tobytes()
