"""What is kept, for how long, and what a purge leaves of it."""

from vinyl_gateway.cache.kept_answers import (
    LONGEST_FETCH_SECONDS,
    MOST_PURGED,
    MOST_TURNED_AWAY,
    Kept,
    KeptAnswers,
)
from vinyl_gateway.cache.trust import SETTLING_SECONDS, TRUSTED_SECONDS, Trust


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def kept(*names: str, length: int = 10) -> Kept:
    return Kept(200, [], b"x" * length, b'"1"', frozenset(names), 1000.0, 60.0)


def test_a_purge_takes_everything_of_that_name_and_nothing_else() -> None:
    answers = KeptAnswers(1 << 20)
    for target, names in ((b"/a", ("album-1",)), (b"/b", ("album-1", "albums")), (b"/c", ("albums",))):
        answers.keep(target, kept(*names), answers.purges)
    answers.purge(["album-1", "unheard"])
    assert [answers.find(target) is not None for target in (b"/a", b"/b", b"/c")] == [False, False, True]


def test_what_was_asked_for_before_its_purge_is_not_kept() -> None:
    answers = KeptAnswers(1 << 20)
    before = answers.purges
    answers.purge(["album-1"])
    answers.keep(b"/a", kept("album-1"), before)
    answers.keep(b"/b", kept("album-2"), before)
    answers.keep(b"/c", kept("album-1"), answers.purges)
    assert [answers.find(target) is not None for target in (b"/a", b"/b", b"/c")] == [False, True, True]


def test_purges_are_remembered_as_long_as_an_answer_can_be_on_its_way() -> None:
    clock = Clock()
    answers = KeptAnswers(1 << 20, clock)
    answers.purge(["album-1"])
    clock.now += LONGEST_FETCH_SECONDS
    answers.purge(["album-2"])
    answers.keep(b"/a", kept("album-1"), 0)
    assert answers.find(b"/a") is None
    clock.now += 1
    answers.purge(["album-3"])
    answers.keep(b"/a", kept("album-1"), 0)
    assert answers.find(b"/a") is not None


def test_what_began_before_a_purge_that_is_forgotten_is_not_kept() -> None:
    answers = KeptAnswers(1 << 20)
    answers.purge(["album-1"])
    between = answers.purges
    answers.purge(f"album-{number}" for number in range(2, MOST_PURGED + 3))
    answers.keep(b"/a", kept("album-1"), 0)
    answers.keep(b"/b", kept("artist-1"), between)
    answers.keep(b"/c", kept("artist-1"), answers.purges)
    assert [answers.find(target) is not None for target in (b"/a", b"/b", b"/c")] == [False, False, True]
    assert len(answers._purged) == MOST_PURGED


def test_long_targets_take_room() -> None:
    answers = KeptAnswers(100_000)
    for number in range(50):
        answers.keep(b"/%d?" % number + b"x" * 5000, kept("all"), answers.purges)
    assert len(answers) <= 20


def test_the_longest_unused_go_first_and_the_bound_holds() -> None:
    answers = KeptAnswers(100_000)
    for number in range(50):
        for _ in range(2):
            answers.keep(b"/%d" % number, kept("all", length=1000), answers.purges)
        answers.find(b"/0")
        assert answers.bytes <= 100_000
    assert answers.find(b"/0") is not None
    assert answers.find(b"/1") is None
    assert 1 < len(answers) < 50
    answers.purge(["all"])
    assert (len(answers), answers.bytes) == (0, 0)


def test_what_is_asked_for_once_takes_nobodys_place() -> None:
    answers = KeptAnswers(100_000)
    for number in range(MOST_TURNED_AWAY * 3):
        answers.keep(b"/%d" % number, kept("all", length=1000), answers.purges)
    early, late = b"/0", b"/%d" % (MOST_TURNED_AWAY * 3 - 1)
    assert (answers.find(early) is not None, answers.find(late) is not None) == (True, False)
    answers.keep(b"/60", kept("all", length=1000), answers.purges)
    assert answers.find(b"/60") is None  # so long ago that it is forgotten
    answers.keep(late, kept("all", length=1000), answers.purges)
    assert answers.find(late) is not None
    answers.keep(early, kept("all", "more", length=1000), answers.purges)
    answers.purge(["more"])
    assert answers.find(early) is None


def test_one_answer_does_not_take_the_place_of_all() -> None:
    answers = KeptAnswers(100_000)
    answers.keep(b"/long", kept("all", length=20_000), answers.purges)
    assert answers.find(b"/long") is None


def test_keeping_again_replaces() -> None:
    answers = KeptAnswers(1 << 20)
    answers.keep(b"/a", kept("old"), answers.purges)
    answers.keep(b"/a", kept("new"), answers.purges)
    answers.purge(["old"])
    assert answers.find(b"/a") is not None
    assert answers.bytes == kept().size_at(b"/a")


def test_trust_is_for_what_began_after_it_and_ends_by_itself() -> None:
    trust = Trust()
    assert not trust.covers(1000.0, 1000.0)
    trust.confirm(1000.0, 1000.01)
    settled = beat(trust, 1000.05, SETTLING_SECONDS + 0.1)
    assert trust.covers(settled, settled)
    assert not trust.covers(1000.0 + SETTLING_SECONDS - 0.1, settled)
    assert not trust.covers(settled, settled + TRUSTED_SECONDS)


def test_after_a_gap_or_a_loss_only_what_begins_when_all_are_back_is_trusted() -> None:
    trust = Trust()
    settled = beat(trust, 1000.0, SETTLING_SECONDS + 0.1)
    late = settled + TRUSTED_SECONDS + 0.01
    trust.confirm(late - 0.01, late)
    assert not trust.covers(settled, late)
    assert not trust.covers(late, late)
    again = beat(trust, late + 0.05, SETTLING_SECONDS + 0.1)
    assert trust.covers(again, again)
    trust.lose()
    assert not trust.covers(again, again)


def beat(trust: Trust, from_: float, seconds: float) -> float:
    """Regular answers for so long; gives the moment of the last."""
    for step in range(round(seconds / 0.05) + 1):
        now = from_ + step * 0.05
        trust.confirm(now - 0.001, now)
    return now
