from sotto_proto.v1 import link_pb2 as _link_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SuggestionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUGGESTION_STATE_UNSPECIFIED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_OFFERED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_ACCEPTED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_EDITED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_LATER: _ClassVar[SuggestionState]
    SUGGESTION_STATE_DISMISSED: _ClassVar[SuggestionState]
    SUGGESTION_STATE_NEVER: _ClassVar[SuggestionState]
SUGGESTION_STATE_UNSPECIFIED: SuggestionState
SUGGESTION_STATE_OFFERED: SuggestionState
SUGGESTION_STATE_ACCEPTED: SuggestionState
SUGGESTION_STATE_EDITED: SuggestionState
SUGGESTION_STATE_LATER: SuggestionState
SUGGESTION_STATE_DISMISSED: SuggestionState
SUGGESTION_STATE_NEVER: SuggestionState

class WatchRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Event(_message.Message):
    __slots__ = ("partial", "utterance", "suggestion", "memory", "erased", "status", "lagged", "refused")
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LAGGED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    partial: Partial
    utterance: Utterance
    suggestion: Suggestion
    memory: Memory
    erased: Erased
    status: StatusReply
    lagged: Lagged
    refused: Contact
    def __init__(self, partial: _Optional[_Union[Partial, _Mapping]] = ..., utterance: _Optional[_Union[Utterance, _Mapping]] = ..., suggestion: _Optional[_Union[Suggestion, _Mapping]] = ..., memory: _Optional[_Union[Memory, _Mapping]] = ..., erased: _Optional[_Union[Erased, _Mapping]] = ..., status: _Optional[_Union[StatusReply, _Mapping]] = ..., lagged: _Optional[_Union[Lagged, _Mapping]] = ..., refused: _Optional[_Union[Contact, _Mapping]] = ...) -> None: ...

class Partial(_message.Message):
    __slots__ = ("device_id", "start_ns", "text")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    start_ns: int
    text: str
    def __init__(self, device_id: _Optional[str] = ..., start_ns: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Utterance(_message.Message):
    __slots__ = ("id", "device_id", "start_ns", "end_ns", "speaker", "text", "confidence", "engine")
    ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    id: str
    device_id: str
    start_ns: int
    end_ns: int
    speaker: str
    text: str
    confidence: float
    engine: str
    def __init__(self, id: _Optional[str] = ..., device_id: _Optional[str] = ..., start_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., speaker: _Optional[str] = ..., text: _Optional[str] = ..., confidence: _Optional[float] = ..., engine: _Optional[str] = ...) -> None: ...

class Erased(_message.Message):
    __slots__ = ("utterance_ids", "memory_ids", "from_ns", "to_ns")
    UTTERANCE_IDS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_IDS_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    utterance_ids: _containers.RepeatedScalarFieldContainer[str]
    memory_ids: _containers.RepeatedScalarFieldContainer[str]
    from_ns: int
    to_ns: int
    def __init__(self, utterance_ids: _Optional[_Iterable[str]] = ..., memory_ids: _Optional[_Iterable[str]] = ..., from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ...) -> None: ...

class Lagged(_message.Message):
    __slots__ = ("missed",)
    MISSED_FIELD_NUMBER: _ClassVar[int]
    missed: int
    def __init__(self, missed: _Optional[int] = ...) -> None: ...

class StatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StatusReply(_message.Message):
    __slots__ = ("hub_id", "version", "devices", "rungs", "utterances", "memories", "suggestions", "watermark_ns", "home", "timezone", "renew")
    HUB_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    RUNGS_FIELD_NUMBER: _ClassVar[int]
    UTTERANCES_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_NS_FIELD_NUMBER: _ClassVar[int]
    HOME_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    RENEW_FIELD_NUMBER: _ClassVar[int]
    hub_id: str
    version: str
    devices: _containers.RepeatedCompositeFieldContainer[DeviceStatus]
    rungs: _containers.RepeatedCompositeFieldContainer[Rung]
    utterances: int
    memories: int
    suggestions: int
    watermark_ns: int
    home: str
    timezone: str
    renew: bool
    def __init__(self, hub_id: _Optional[str] = ..., version: _Optional[str] = ..., devices: _Optional[_Iterable[_Union[DeviceStatus, _Mapping]]] = ..., rungs: _Optional[_Iterable[_Union[Rung, _Mapping]]] = ..., utterances: _Optional[int] = ..., memories: _Optional[int] = ..., suggestions: _Optional[int] = ..., watermark_ns: _Optional[int] = ..., home: _Optional[str] = ..., timezone: _Optional[str] = ..., renew: _Optional[bool] = ...) -> None: ...

class DeviceStatus(_message.Message):
    __slots__ = ("device_id", "name", "connected", "muted", "muted_until_ns", "heard_until_ns", "waiting_frames", "closed", "owed_ns", "clock_error_ns")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONNECTED_FIELD_NUMBER: _ClassVar[int]
    MUTED_FIELD_NUMBER: _ClassVar[int]
    MUTED_UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    HEARD_UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    WAITING_FRAMES_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    OWED_NS_FIELD_NUMBER: _ClassVar[int]
    CLOCK_ERROR_NS_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    name: str
    connected: bool
    muted: bool
    muted_until_ns: int
    heard_until_ns: int
    waiting_frames: int
    closed: _containers.RepeatedScalarFieldContainer[str]
    owed_ns: int
    clock_error_ns: int
    def __init__(self, device_id: _Optional[str] = ..., name: _Optional[str] = ..., connected: _Optional[bool] = ..., muted: _Optional[bool] = ..., muted_until_ns: _Optional[int] = ..., heard_until_ns: _Optional[int] = ..., waiting_frames: _Optional[int] = ..., closed: _Optional[_Iterable[str]] = ..., owed_ns: _Optional[int] = ..., clock_error_ns: _Optional[int] = ...) -> None: ...

class Rung(_message.Message):
    __slots__ = ("ability", "rung", "better", "climb")
    ABILITY_FIELD_NUMBER: _ClassVar[int]
    RUNG_FIELD_NUMBER: _ClassVar[int]
    BETTER_FIELD_NUMBER: _ClassVar[int]
    CLIMB_FIELD_NUMBER: _ClassVar[int]
    ability: str
    rung: str
    better: str
    climb: str
    def __init__(self, ability: _Optional[str] = ..., rung: _Optional[str] = ..., better: _Optional[str] = ..., climb: _Optional[str] = ...) -> None: ...

class LedgerRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class LedgerReply(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[LedgerRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[LedgerRow, _Mapping]]] = ...) -> None: ...

class LedgerRow(_message.Message):
    __slots__ = ("device_id", "boot_id", "stream", "captured_ns", "committed_ns", "silent_ns", "muted_ns", "lost_ns", "waiting_ns")
    class LostNsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_NS_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_NS_FIELD_NUMBER: _ClassVar[int]
    SILENT_NS_FIELD_NUMBER: _ClassVar[int]
    MUTED_NS_FIELD_NUMBER: _ClassVar[int]
    LOST_NS_FIELD_NUMBER: _ClassVar[int]
    WAITING_NS_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    boot_id: str
    stream: str
    captured_ns: int
    committed_ns: int
    silent_ns: int
    muted_ns: int
    lost_ns: _containers.ScalarMap[str, int]
    waiting_ns: int
    def __init__(self, device_id: _Optional[str] = ..., boot_id: _Optional[str] = ..., stream: _Optional[str] = ..., captured_ns: _Optional[int] = ..., committed_ns: _Optional[int] = ..., silent_ns: _Optional[int] = ..., muted_ns: _Optional[int] = ..., lost_ns: _Optional[_Mapping[str, int]] = ..., waiting_ns: _Optional[int] = ...) -> None: ...

class TranscriptRequest(_message.Message):
    __slots__ = ("since_ns", "until_ns", "last")
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    since_ns: int
    until_ns: int
    last: int
    def __init__(self, since_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., last: _Optional[int] = ...) -> None: ...

class AskRequest(_message.Message):
    __slots__ = ("question", "asked_at_ns")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ASKED_AT_NS_FIELD_NUMBER: _ClassVar[int]
    question: str
    asked_at_ns: int
    def __init__(self, question: _Optional[str] = ..., asked_at_ns: _Optional[int] = ...) -> None: ...

class AskReply(_message.Message):
    __slots__ = ("text", "done", "abstained", "citations")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    ABSTAINED_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    text: str
    done: bool
    abstained: bool
    citations: _containers.RepeatedCompositeFieldContainer[Citation]
    def __init__(self, text: _Optional[str] = ..., done: _Optional[bool] = ..., abstained: _Optional[bool] = ..., citations: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ...) -> None: ...

class Citation(_message.Message):
    __slots__ = ("id", "at_ns", "text")
    ID_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    id: str
    at_ns: int
    text: str
    def __init__(self, id: _Optional[str] = ..., at_ns: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class SuggestionsRequest(_message.Message):
    __slots__ = ("open_only",)
    OPEN_ONLY_FIELD_NUMBER: _ClassVar[int]
    open_only: bool
    def __init__(self, open_only: _Optional[bool] = ...) -> None: ...

class Suggestion(_message.Message):
    __slots__ = ("id", "at_ns", "kind", "text", "reason", "evidence", "state", "answered_ns")
    ID_FIELD_NUMBER: _ClassVar[int]
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_NS_FIELD_NUMBER: _ClassVar[int]
    id: str
    at_ns: int
    kind: str
    text: str
    reason: str
    evidence: _containers.RepeatedScalarFieldContainer[str]
    state: SuggestionState
    answered_ns: int
    def __init__(self, id: _Optional[str] = ..., at_ns: _Optional[int] = ..., kind: _Optional[str] = ..., text: _Optional[str] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[SuggestionState, str]] = ..., answered_ns: _Optional[int] = ...) -> None: ...

class AnswerSuggestionRequest(_message.Message):
    __slots__ = ("id", "answer", "text")
    ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    id: str
    answer: SuggestionState
    text: str
    def __init__(self, id: _Optional[str] = ..., answer: _Optional[_Union[SuggestionState, str]] = ..., text: _Optional[str] = ...) -> None: ...

class Memory(_message.Message):
    __slots__ = ("id", "kind", "text", "subject", "source", "evidence", "valid_from_ns", "valid_until_ns", "recorded_ns", "superseded_ns", "confidence", "importance", "pinned", "label", "archived", "retrievability", "details", "slot", "doubt", "binned_ns", "uses", "last_use_ns")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_NS_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_NS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_NS_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    IMPORTANCE_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    RETRIEVABILITY_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DOUBT_FIELD_NUMBER: _ClassVar[int]
    BINNED_NS_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_NS_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: str
    text: str
    subject: str
    source: str
    evidence: _containers.RepeatedScalarFieldContainer[str]
    valid_from_ns: int
    valid_until_ns: int
    recorded_ns: int
    superseded_ns: int
    confidence: float
    importance: float
    pinned: bool
    label: str
    archived: bool
    retrievability: float
    details: _containers.ScalarMap[str, str]
    slot: str
    doubt: str
    binned_ns: int
    uses: int
    last_use_ns: int
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[str] = ..., text: _Optional[str] = ..., subject: _Optional[str] = ..., source: _Optional[str] = ..., evidence: _Optional[_Iterable[str]] = ..., valid_from_ns: _Optional[int] = ..., valid_until_ns: _Optional[int] = ..., recorded_ns: _Optional[int] = ..., superseded_ns: _Optional[int] = ..., confidence: _Optional[float] = ..., importance: _Optional[float] = ..., pinned: _Optional[bool] = ..., label: _Optional[str] = ..., archived: _Optional[bool] = ..., retrievability: _Optional[float] = ..., details: _Optional[_Mapping[str, str]] = ..., slot: _Optional[str] = ..., doubt: _Optional[str] = ..., binned_ns: _Optional[int] = ..., uses: _Optional[int] = ..., last_use_ns: _Optional[int] = ...) -> None: ...

class ListMemoriesRequest(_message.Message):
    __slots__ = ("kinds", "include_past", "limit")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PAST_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[str]
    include_past: bool
    limit: int
    def __init__(self, kinds: _Optional[_Iterable[str]] = ..., include_past: _Optional[bool] = ..., limit: _Optional[int] = ...) -> None: ...

class SearchMemoriesRequest(_message.Message):
    __slots__ = ("query", "limit", "include_past", "as_of_ns", "known_at_ns")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PAST_FIELD_NUMBER: _ClassVar[int]
    AS_OF_NS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_NS_FIELD_NUMBER: _ClassVar[int]
    query: str
    limit: int
    include_past: bool
    as_of_ns: int
    known_at_ns: int
    def __init__(self, query: _Optional[str] = ..., limit: _Optional[int] = ..., include_past: _Optional[bool] = ..., as_of_ns: _Optional[int] = ..., known_at_ns: _Optional[int] = ...) -> None: ...

class MemoryHit(_message.Message):
    __slots__ = ("memory", "score", "why", "parts")
    class PartsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    memory: Memory
    score: float
    why: str
    parts: _containers.ScalarMap[str, float]
    def __init__(self, memory: _Optional[_Union[Memory, _Mapping]] = ..., score: _Optional[float] = ..., why: _Optional[str] = ..., parts: _Optional[_Mapping[str, float]] = ...) -> None: ...

class EditMemoryRequest(_message.Message):
    __slots__ = ("id", "text", "pinned")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    pinned: bool
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., pinned: _Optional[bool] = ...) -> None: ...

class ShowMemoryRequest(_message.Message):
    __slots__ = ("id", "columns")
    ID_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    id: str
    columns: int
    def __init__(self, id: _Optional[str] = ..., columns: _Optional[int] = ...) -> None: ...

class ShownMemory(_message.Message):
    __slots__ = ("memory", "why", "plot", "curve", "curve_complete", "uses", "evidence", "resting", "archive_ns", "prune_ns")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    PLOT_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    CURVE_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    RESTING_FIELD_NUMBER: _ClassVar[int]
    ARCHIVE_NS_FIELD_NUMBER: _ClassVar[int]
    PRUNE_NS_FIELD_NUMBER: _ClassVar[int]
    memory: Memory
    why: _containers.RepeatedScalarFieldContainer[str]
    plot: _containers.RepeatedScalarFieldContainer[str]
    curve: _containers.RepeatedCompositeFieldContainer[CurvePoint]
    curve_complete: bool
    uses: _containers.RepeatedCompositeFieldContainer[MemoryUse]
    evidence: _containers.RepeatedCompositeFieldContainer[Citation]
    resting: _containers.RepeatedCompositeFieldContainer[Memory]
    archive_ns: int
    prune_ns: int
    def __init__(self, memory: _Optional[_Union[Memory, _Mapping]] = ..., why: _Optional[_Iterable[str]] = ..., plot: _Optional[_Iterable[str]] = ..., curve: _Optional[_Iterable[_Union[CurvePoint, _Mapping]]] = ..., curve_complete: _Optional[bool] = ..., uses: _Optional[_Iterable[_Union[MemoryUse, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ..., resting: _Optional[_Iterable[_Union[Memory, _Mapping]]] = ..., archive_ns: _Optional[int] = ..., prune_ns: _Optional[int] = ...) -> None: ...

class CurvePoint(_message.Message):
    __slots__ = ("at_ns", "strength")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    strength: float
    def __init__(self, at_ns: _Optional[int] = ..., strength: _Optional[float] = ...) -> None: ...

class MemoryUse(_message.Message):
    __slots__ = ("at_ns", "use")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    use: str
    def __init__(self, at_ns: _Optional[int] = ..., use: _Optional[str] = ...) -> None: ...

class InboxRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AnswerInboxRequest(_message.Message):
    __slots__ = ("id", "keep")
    ID_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    id: str
    keep: bool
    def __init__(self, id: _Optional[str] = ..., keep: _Optional[bool] = ...) -> None: ...

class AnswerInboxReply(_message.Message):
    __slots__ = ("kept", "erased")
    KEPT_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    kept: Memory
    erased: EraseReply
    def __init__(self, kept: _Optional[_Union[Memory, _Mapping]] = ..., erased: _Optional[_Union[EraseReply, _Mapping]] = ...) -> None: ...

class PruneMemoriesRequest(_message.Message):
    __slots__ = ("dry_run", "cap", "undo")
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    CAP_FIELD_NUMBER: _ClassVar[int]
    UNDO_FIELD_NUMBER: _ClassVar[int]
    dry_run: bool
    cap: int
    undo: bool
    def __init__(self, dry_run: _Optional[bool] = ..., cap: _Optional[int] = ..., undo: _Optional[bool] = ...) -> None: ...

class PruneMemoriesReply(_message.Message):
    __slots__ = ("memories", "left")
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    memories: _containers.RepeatedCompositeFieldContainer[Memory]
    left: int
    def __init__(self, memories: _Optional[_Iterable[_Union[Memory, _Mapping]]] = ..., left: _Optional[int] = ...) -> None: ...

class MemorySelection(_message.Message):
    __slots__ = ("id", "person", "span", "query", "bin")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    BIN_FIELD_NUMBER: _ClassVar[int]
    id: str
    person: str
    span: TimeSpan
    query: str
    bin: bool
    def __init__(self, id: _Optional[str] = ..., person: _Optional[str] = ..., span: _Optional[_Union[TimeSpan, _Mapping]] = ..., query: _Optional[str] = ..., bin: _Optional[bool] = ...) -> None: ...

class TimeSpan(_message.Message):
    __slots__ = ("from_ns", "to_ns")
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    from_ns: int
    to_ns: int
    def __init__(self, from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ...) -> None: ...

class EraseMemoryRequest(_message.Message):
    __slots__ = ("id", "verify", "selection")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERIFY_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    id: str
    verify: bool
    selection: MemorySelection
    def __init__(self, id: _Optional[str] = ..., verify: _Optional[bool] = ..., selection: _Optional[_Union[MemorySelection, _Mapping]] = ...) -> None: ...

class EraseReply(_message.Message):
    __slots__ = ("utterances", "memories", "suggestions", "search")
    UTTERANCES_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    utterances: int
    memories: int
    suggestions: int
    search: Search
    def __init__(self, utterances: _Optional[int] = ..., memories: _Optional[int] = ..., suggestions: _Optional[int] = ..., search: _Optional[_Union[Search, _Mapping]] = ...) -> None: ...

class Search(_message.Message):
    __slots__ = ("files", "bytes", "phrases", "found_in", "still_said")
    FILES_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    PHRASES_FIELD_NUMBER: _ClassVar[int]
    FOUND_IN_FIELD_NUMBER: _ClassVar[int]
    STILL_SAID_FIELD_NUMBER: _ClassVar[int]
    files: int
    bytes: int
    phrases: int
    found_in: _containers.RepeatedScalarFieldContainer[str]
    still_said: int
    def __init__(self, files: _Optional[int] = ..., bytes: _Optional[int] = ..., phrases: _Optional[int] = ..., found_in: _Optional[_Iterable[str]] = ..., still_said: _Optional[int] = ...) -> None: ...

class ExportRequest(_message.Message):
    __slots__ = ("kinds",)
    KINDS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kinds: _Optional[_Iterable[str]] = ...) -> None: ...

class ExportLine(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: str
    def __init__(self, json: _Optional[str] = ...) -> None: ...

class ImportLine(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: str
    def __init__(self, json: _Optional[str] = ...) -> None: ...

class ImportReply(_message.Message):
    __slots__ = ("added", "unchanged")
    ADDED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    added: int
    unchanged: int
    def __init__(self, added: _Optional[int] = ..., unchanged: _Optional[int] = ...) -> None: ...

class MuteRequest(_message.Message):
    __slots__ = ("muted", "for_ns", "streams")
    MUTED_FIELD_NUMBER: _ClassVar[int]
    FOR_NS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    muted: bool
    for_ns: int
    streams: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, muted: _Optional[bool] = ..., for_ns: _Optional[int] = ..., streams: _Optional[_Iterable[str]] = ...) -> None: ...

class ControlReply(_message.Message):
    __slots__ = ("reached", "out_of_reach")
    REACHED_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_REACH_FIELD_NUMBER: _ClassVar[int]
    reached: _containers.RepeatedScalarFieldContainer[str]
    out_of_reach: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, reached: _Optional[_Iterable[str]] = ..., out_of_reach: _Optional[_Iterable[str]] = ...) -> None: ...

class OffTheRecordRequest(_message.Message):
    __slots__ = ("last_ns", "verify")
    LAST_NS_FIELD_NUMBER: _ClassVar[int]
    VERIFY_FIELD_NUMBER: _ClassVar[int]
    last_ns: int
    verify: bool
    def __init__(self, last_ns: _Optional[int] = ..., verify: _Optional[bool] = ...) -> None: ...

class NewPairingCodeRequest(_message.Message):
    __slots__ = ("role", "scopes")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    role: _link_pb2.PeerRole
    scopes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, role: _Optional[_Union[_link_pb2.PeerRole, str]] = ..., scopes: _Optional[_Iterable[str]] = ...) -> None: ...

class PairingCode(_message.Message):
    __slots__ = ("code", "port", "expires_ns", "fingerprint", "link")
    CODE_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_NS_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    code: str
    port: int
    expires_ns: int
    fingerprint: str
    link: str
    def __init__(self, code: _Optional[str] = ..., port: _Optional[int] = ..., expires_ns: _Optional[int] = ..., fingerprint: _Optional[str] = ..., link: _Optional[str] = ...) -> None: ...

class PeersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PeersReply(_message.Message):
    __slots__ = ("peers",)
    PEERS_FIELD_NUMBER: _ClassVar[int]
    peers: _containers.RepeatedCompositeFieldContainer[PeerInfo]
    def __init__(self, peers: _Optional[_Iterable[_Union[PeerInfo, _Mapping]]] = ...) -> None: ...

class PeerInfo(_message.Message):
    __slots__ = ("id", "name", "role", "scopes", "paired_ns", "seen_ns", "renewed_ns", "connected")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    PAIRED_NS_FIELD_NUMBER: _ClassVar[int]
    SEEN_NS_FIELD_NUMBER: _ClassVar[int]
    RENEWED_NS_FIELD_NUMBER: _ClassVar[int]
    CONNECTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    role: _link_pb2.PeerRole
    scopes: _containers.RepeatedScalarFieldContainer[str]
    paired_ns: int
    seen_ns: int
    renewed_ns: int
    connected: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[_Union[_link_pb2.PeerRole, str]] = ..., scopes: _Optional[_Iterable[str]] = ..., paired_ns: _Optional[int] = ..., seen_ns: _Optional[int] = ..., renewed_ns: _Optional[int] = ..., connected: _Optional[bool] = ...) -> None: ...

class RevokeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class AuditRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AuditReply(_message.Message):
    __slots__ = ("since_ns", "contacts")
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    since_ns: int
    contacts: _containers.RepeatedCompositeFieldContainer[Contact]
    def __init__(self, since_ns: _Optional[int] = ..., contacts: _Optional[_Iterable[_Union[Contact, _Mapping]]] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("who", "name", "purpose", "outgoing", "since_ns", "last_ns", "sent_bytes", "received_bytes", "calls", "refused")
    WHO_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    OUTGOING_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    LAST_NS_FIELD_NUMBER: _ClassVar[int]
    SENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_BYTES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    who: str
    name: str
    purpose: str
    outgoing: bool
    since_ns: int
    last_ns: int
    sent_bytes: int
    received_bytes: int
    calls: int
    refused: int
    def __init__(self, who: _Optional[str] = ..., name: _Optional[str] = ..., purpose: _Optional[str] = ..., outgoing: _Optional[bool] = ..., since_ns: _Optional[int] = ..., last_ns: _Optional[int] = ..., sent_bytes: _Optional[int] = ..., received_bytes: _Optional[int] = ..., calls: _Optional[int] = ..., refused: _Optional[int] = ...) -> None: ...

class BackupRequest(_message.Message):
    __slots__ = ("passphrase",)
    PASSPHRASE_FIELD_NUMBER: _ClassVar[int]
    passphrase: str
    def __init__(self, passphrase: _Optional[str] = ...) -> None: ...

class BackupChunk(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...
