"""What the market knows of a pressing, in the words of Discogs."""

import re
import unicodedata

from msgspec import Struct

WORD = re.compile(r"[^\W_]+")
SUFFIX = re.compile(r" \(\d+\)$")


class ArtistCredit(Struct, frozen=True):
    """`id` is 0 where the source names none; `variation` is the name as printed, "" where it is the own."""

    id: int
    name: str
    variation: str = ""
    join: str = ""
    role: str = ""
    tracks: str = ""


class LabelCredit(Struct, frozen=True):
    id: int
    name: str
    catalogue_number: str = ""


class Company(Struct, frozen=True):
    id: int
    name: str
    role: str
    catalogue_number: str = ""


class Format(Struct, frozen=True):
    name: str
    quantity: int = 1
    text: str = ""
    descriptions: tuple[str, ...] = ()

    @property
    def phrase(self) -> str:
        """As in a listing: `2xLP, Album`."""
        details = self.descriptions or (self.name,)
        head = details[0] if self.name == "Vinyl" else self.name
        rest = details[1:] if self.name == "Vinyl" else self.descriptions
        count = f"{self.quantity}x" if self.quantity > 1 else ""
        return ", ".join((f"{count}{head}", *rest))


class Identifier(Struct, frozen=True):
    type: str
    value: str
    description: str = ""


class TrackLine(Struct, frozen=True):
    position: str
    title: str
    duration: str = ""


class Video(Struct, frozen=True):
    address: str
    title: str
    seconds: int


class Pressing(Struct, frozen=True):
    """A Discogs release; those with the same `album` are pressings of one. `released` is source text."""

    id: int
    album: str
    title: str
    master_id: int | None = None
    is_main: bool = False
    artists: tuple[ArtistCredit, ...] = ()
    credits: tuple[ArtistCredit, ...] = ()
    companies: tuple[Company, ...] = ()
    videos: tuple[Video, ...] = ()
    labels: tuple[LabelCredit, ...] = ()
    formats: tuple[Format, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    tracks: tuple[TrackLine, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    country: str = ""
    released: str = ""
    notes: str = ""

    @property
    def year(self) -> int:
        head = self.released[:4]
        return int(head) if head.isascii() and head.isdigit() else 0

    @property
    def artist(self) -> str:
        """All credited artists as one line, `A & B`, in the names as printed."""
        words = []
        for credit in self.artists:
            joined = "," if credit.join == "," else f" {credit.join}" if credit.join else ""
            words.append(f"{credit.variation or SUFFIX.sub('', credit.name)}{joined}")
        return " ".join(words) or "Unknown Artist"

    @property
    def format(self) -> str:
        return " + ".join(each.phrase for each in self.formats)

    @property
    def description(self) -> str:
        return (
            f"{self.artist} - {self.title} ({self.format})"
            if self.formats
            else f"{self.artist} - {self.title}"
        )

    @property
    def catalogue_number(self) -> str:
        return ", ".join(
            dict.fromkeys(each.catalogue_number for each in self.labels if each.catalogue_number)
        )

    @property
    def label(self) -> str:
        return ", ".join(dict.fromkeys(each.name for each in self.labels))

    @property
    def barcodes(self) -> tuple[str, ...]:
        return tuple(each.value for each in self.identifiers if each.type == "Barcode")

    @property
    def is_vinyl(self) -> bool:
        return any(each.name == "Vinyl" for each in self.formats)

    @property
    def discs(self) -> int:
        return sum(each.quantity for each in self.formats) or 1


def folded(text: str) -> str:
    """Lower case without accents, for comparing."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    return WORD.findall(folded(text))


def squeezed(text: str) -> str:
    """Letters and digits alone, for catalogue numbers and barcodes in any spelling."""
    return "".join(letter for letter in folded(text) if letter.isalnum())
