import msgspec
import pytest

from vinyl_catalog.domain.facts import LabelFacts
from vinyl_catalog.store.documents import decoder_of, document_of, text_of

decode = decoder_of(LabelFacts)


@pytest.mark.parametrize("letters", [1, 100, 450, 600, 100_000])
def test_a_document_reads_back_whatever_its_length(letters: int) -> None:
    facts = LabelFacts(7, "é" * letters)

    assert decode(document_of(facts)) == facts
    assert text_of(document_of(facts)) == msgspec.json.encode(facts)


def test_a_long_document_is_kept_in_fewer_bytes() -> None:
    assert len(document_of(LabelFacts(7, "Blue Note " * 100))) < 500


@pytest.mark.parametrize("broken", [b"", b"x", b"{", document_of(LabelFacts(7, "Verve " * 200))[:-9]])
def test_a_broken_document_is_told_as_one(broken: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(broken)
