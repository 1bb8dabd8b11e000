"""Protobuf messages as plain data for `--json`: whole numbers stay numbers, enumerations become words (pure)."""

import json
from collections.abc import Mapping, MutableSequence
from typing import Any

from google.protobuf.message import Message

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def json_text(value: Json) -> str:
    """Indented JSON as `--json` prints it; text stays readable in any language."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def as_json(message: Message) -> dict[str, Json]:
    """Every field of a message by its name, those at their default too; absent sub-messages are `None`."""
    return {field.name: _field(message, field) for field in message.DESCRIPTOR.fields}


def _field(message: Message, field: Any) -> Json:  # protobuf's stubs know two kinds of descriptor
    value: object = getattr(message, field.name)
    if isinstance(value, MutableSequence):
        return [_plain(entry, field) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(entry, field.message_type.fields_by_name["value"]) for key, entry in value.items()}
    if isinstance(value, Message) and not message.HasField(field.name):
        return None
    return _plain(value, field)


def _plain(value: object, field: Any) -> Json:
    if isinstance(value, Message):
        return as_json(value)
    if field.enum_type is not None:
        return _word(field.enum_type, value)
    if isinstance(value, float):
        return round(value, 4)
    assert isinstance(value, bool | int | str)
    return value


def _word(kind: Any, value: object) -> str:
    """SUGGESTION_STATE_OFFERED of the enumeration SuggestionState is "offered"."""
    names = {number: entry.name for number, entry in kind.values_by_number.items()}
    return str(names.get(value, value)).removeprefix(names[0].removesuffix("UNSPECIFIED")).lower()
