"""What a source says of a record, as it is kept: JSON, deflated where it is long.

Deflated here and not by Postgres, whose own way takes several times as long on the importer's critical path.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from isal import isal_zlib

_QUICKEST = 0
_FEWEST_BYTES = 512
_DEFLATED = b"\x78"  # how a zlib stream begins, and no JSON
_encode = msgspec.json.Encoder().encode
Facts = TypeVar("Facts")


def document_of(facts: msgspec.Struct) -> bytes:
    document = _encode(facts)
    return document if len(document) < _FEWEST_BYTES else isal_zlib.compress(document, _QUICKEST)


def text_of(document: bytes) -> bytes:
    """The JSON. Raises msgspec.DecodeError, as whoever decodes it does."""
    if not document.startswith(_DEFLATED):
        return document
    try:
        return isal_zlib.decompress(document)
    except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub takes the class for an instance
        raise msgspec.DecodeError(str(error)) from None


def decoder_of(facts: type[Facts]) -> Callable[[bytes], Facts]:
    decode = msgspec.json.Decoder(facts).decode
    return lambda document: decode(text_of(document))
