"""What can go wrong with a memory: each a sentence for the user and a stable code for programs.

SottoMemoryError
├── MemoryInputError      what was given cannot be kept or asked      text_empty, text_long, import_line, …
├── MemoryMissingError    no memory has this id                       unknown_memory
├── MemoryBusyError       another program holds the file; try again   store_busy, erase_waiting
├── MemoryEmbedderError   the embedder fails or answers nonsense      embedder_reply, embedder_failed, …
└── MemoryStoreError      the file cannot be opened or used           store_key, store_damaged, store_newer, …
"""


class SottoMemoryError(Exception):
    """A sentence for the user and a stable code for programs."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code
        self.sentence = sentence


class MemoryInputError(SottoMemoryError):
    """What was given cannot be kept, asked or brought in; nothing was changed."""


class MemoryMissingError(SottoMemoryError):
    """No memory has the id that was asked for."""

    def __init__(self, memory_id: str) -> None:
        super().__init__("unknown_memory", f"There is no memory with the id {memory_id[:40]!r}.")


class MemoryBusyError(SottoMemoryError):
    """Another program holds the file; the same call may be made again."""


class MemoryEmbedderError(SottoMemoryError):
    """Whoever makes vectors of words cannot, or answers nonsense; words still find everything."""


class MemoryStoreError(SottoMemoryError):
    """The file of the memory cannot be opened, read or written."""
