"""What can go wrong with a model server, told in one sentence with a stable code (pure).

embedder_away      nobody answers there               embedder_slow      no answer in time
embedder_model     it has no such model               embedder_busy      it has too much to do
embedder_denied    the hub may not call it            embedder_text      it does not take this text
embedder_refused   it wants a key                     embedder_reply     its answer is nonsense
embedder_stopped   the hub stops
"""

from collections.abc import Iterator
from typing import Final

from sotto_hub.embedding.choice import Choice
from sotto_memory import MemoryEmbedderError

_BY_STATUS: Final = {
    401: ("embedder_refused", "The model server at {where} wants a key, which Sotto does not send."),
    403: ("embedder_refused", "The model server at {where} does not let the hub in."),
    404: ("embedder_model", "The model server at {where} has no model {model}."),
    408: ("embedder_slow", "The model server at {where} took too long."),
    429: ("embedder_busy", "The model server at {where} has too much to do."),
    503: ("embedder_busy", "The model server at {where} has too much to do."),
    504: ("embedder_slow", "The model server at {where} took too long."),
}
_TEXT: Final = ("embedder_text", "The model server at {where} does not embed this with {model} (status {status}).")
_DENIED: Final = ("embedder_denied", "The hub may not call {where}: its keeper has not allowed it.")
_AWAY: Final = ("embedder_away", "No model server answers at {where}.")
_SLOW: Final = ("embedder_slow", "The model server at {where} took too long.")
_REPLY: Final = ("embedder_reply", "The model server at {where} answered with nonsense ({problem}).")


def of_status(choice: Choice, status: int) -> MemoryEmbedderError:
    """The error for an HTTP status that is no success. A redirection is followed nowhere."""
    if status < 400:
        return _error(_REPLY, choice, problem=f"status {status}")
    return _error(_BY_STATUS.get(status, _TEXT), choice, status=status)


def of_problem(choice: Choice, problem: Exception) -> MemoryEmbedderError:
    """The error for what httpx, the ollama package or the reading of an answer raised. Texts are never repeated."""
    if any(isinstance(cause, PermissionError) for cause in _causes(problem)):
        return _error(_DENIED, choice)
    kinds = {kind.__name__ for kind in type(problem).__mro__}  # httpx is not loaded to name its errors
    if "ConnectTimeout" in kinds or kinds & {"ConnectError", "ConnectionError"}:
        return _error(_AWAY, choice)
    if kinds & {"TimeoutException", "TimeoutError"}:
        return _error(_SLOW, choice)
    return _error(_REPLY, choice, problem=type(problem).__name__)


def _error(said: tuple[str, str], choice: Choice, **more: object) -> MemoryEmbedderError:
    code, sentence = said
    return MemoryEmbedderError(code, sentence.format(where=choice.where, model=choice.model, **more))


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__
