"""Calls any method of both services, as the descriptors list them: so that a test forgets none."""

from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from sotto_proto.v1 import companion_pb2, link_pb2

SERVICES = {**link_pb2.DESCRIPTOR.services_by_name, **companion_pb2.DESCRIPTOR.services_by_name}
METHODS: list[MethodDescriptor] = [method for service in SERVICES.values() for method in service.methods]


def path_of(method: MethodDescriptor) -> str:
    """As it stands on the wire: /package.Service/Method."""
    return f"/{method.containing_service.full_name}/{method.name}"


def methods_of(service: str) -> list[MethodDescriptor]:
    """All methods of one service, by its short name."""
    return [method for method in METHODS if method.containing_service.name == service]


def started(channel: grpc.aio.Channel, method: MethodDescriptor, raw: bytes | None = None) -> Any:
    """The running call, with an empty message or with these bytes."""
    request = GetMessageClass(method.input_type)()
    options: dict[str, Any] = {"response_deserializer": GetMessageClass(method.output_type).FromString}
    up: Any = request.SerializeToString() if raw is None else raw
    kinds: dict[tuple[bool, bool], Any] = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    make = kinds[method.client_streaming, method.server_streaming]
    return make(path_of(method), **options)(iter([up]) if method.client_streaming else up, timeout=10)


async def refused(channel: grpc.aio.Channel, method: MethodDescriptor, raw: bytes | None = None) -> Any:
    """The refusal that the call got; fails the test when it got an answer."""
    running = started(channel, method, raw)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await anext(aiter(running)) if method.server_streaming else await running
    return caught.value


def code_of(error: grpc.aio.AioRpcError) -> str:
    """The stable code that came beside the sentence."""
    return str(dict(error.trailing_metadata() or ()).get("sotto-code", ""))
