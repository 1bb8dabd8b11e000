"""The searching process: one request on standard input, one reply on standard output, nothing else anywhere."""

import json
import resource
import sys
from pathlib import Path

from sotto_hub.errors import HubError
from sotto_hub.verify.searching import look


def main() -> int:
    """Searches as the request says; a reply that holds `code` and `sentence` tells why not."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what is looked for must not land in a file
    request = json.load(sys.stdin)
    try:
        looked = look(Path(request["home"]), bytes.fromhex(request["key"]), request["phrases"])
        json.dump(looked._asdict(), sys.stdout)
    except HubError as error:
        json.dump({"code": error.code, "sentence": error.sentence}, sys.stdout)
    except OSError as error:
        sentence = f"the home could not be searched: {error.filename}: {error.strerror}"
        json.dump({"code": "verify", "sentence": sentence}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
