"""A daemon for tests of how daemons are handled: `python -m tests.surfaces.scripted_daemon WORD…` does as told.

say:TEXT     a line on standard output          complain:TEXT  a line on standard error
hear         waits for a line and repeats it    stubborn       ignores SIGTERM
stay         waits until it is stopped          end:STATUS     ends
"""

import signal
import sys


def main(words: list[str]) -> int:
    for word in words:
        act, _, text = word.partition(":")
        match act:
            case "say":
                print(text, flush=True)
            case "complain":
                print(text, file=sys.stderr, flush=True)
            case "hear":
                print(f"heard {sys.stdin.readline().strip()}", flush=True)
            case "stubborn":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            case "stay":
                signal.pause()
            case _:
                return int(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
