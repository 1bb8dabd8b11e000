"""The mutually authenticated channel of a paired peer. Apart from pairing, so that a daemon that only connects does
not carry the certificate library (10 MB) in memory.
"""

import grpc
import grpc.aio

from sotto_proto.channel import client_options
from sotto_proto.credentials import Credentials


def secure_channel(credentials: Credentials) -> grpc.aio.Channel:
    """The mutually authenticated channel to the hub that these credentials belong to. Nothing travels yet."""
    tls = grpc.ssl_channel_credentials(credentials.authority, credentials.key, credentials.certificate)
    return grpc.aio.secure_channel(credentials.address, tls, options=client_options())
