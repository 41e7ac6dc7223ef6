"""Dump files of any size, in the form of Discogs' own and with distributions like those of the real ones.

    .venv/bin/python bench/dumps.py FOLDER --releases 100000

Deterministic: the same numbers and seed give the same bytes. Few artists and labels make much of it (Zipf), six of
ten releases have a master, and tracks, credits, identifiers, companies and videos per release follow the quantiles
of the first thousand records of the August 2020 dump.
"""

import argparse
import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

FIRST_ID = 1_000_000_000
QUANTILES = {
    "tracks": [2, 3, 8, 12, 20, 46],
    "artists": [1, 1, 1, 1, 3, 5],
    "credits": [0, 0, 1, 5, 17, 30],
    "track_credits": [0, 0, 0, 0, 2, 6],
    "identifiers": [0, 0, 1, 2, 6, 11],
    "videos": [0, 0, 1, 3, 11, 19],
    "companies": [0, 0, 0, 2, 7, 13],
}
WORDS = (
    "amber anthem arcade ash aurora avenue ballad basement bell blue bridge bronze canyon carnival cassette chrome"
    " cinder coast comet copper corner crystal dance delta desert dream drum dust echo electric ember engine fable"
    " fever field fire floor garden ghost glass gold gravity groove harbour heart hollow horizon hotel hour idol"
    " indigo iron island ivory jade jungle kingdom lantern light lion lost machine magnet marble memory midnight"
    " mirror moon motor mountain needle neon night noise north ocean opal orbit paper parade pearl phantom pilot"
    " planet poem prism pulse radio rain raven record rhythm river road rose rust sable saint satin season shadow"
    " signal silver sky smoke soul south spark spiral spring star static steel stone storm street sugar summer sun"
    " swing tape temple thunder tide tiger tower train velvet violet voice water wave west wheel wild wind winter"
    " wire wonder zero zephyr über café naïve señor müller ångström dvořák"
).split()
GENRES = {
    "Electronic": ["Techno", "House", "Ambient", "Electro"],
    "Rock": ["Punk", "Indie Rock", "Prog Rock", "Psychedelic Rock"],
    "Jazz": ["Hard Bop", "Fusion", "Free Jazz", "Modal"],
    "Funk / Soul": ["Soul", "Funk", "Disco"],
    "Hip Hop": ["Boom Bap", "Conscious"],
    "Reggae": ["Dub", "Roots Reggae"],
    "Classical": ["Baroque", "Modern"],
    "Pop": ["Ballad", "Synth-pop"],
}
COUNTRIES = [
    "US",
    "UK",
    "Germany",
    "France",
    "Japan",
    "Italy",
    "Netherlands",
    "Sweden",
    "Canada",
    "USSR",
    "Europe",
]
ROLES = [
    "Producer",
    "Written-By",
    "Engineer",
    "Mixed By",
    "Guitar",
    "Drums",
    "Bass",
    "Vocals",
    "Design",
    "Mastered By",
]
DESCRIPTIONS = [
    ["LP", "Album"],
    ['12"', "33 ⅓ RPM"],
    ['7"', "45 RPM", "Single"],
    ["LP", "Album", "Reissue"],
    ["Album"],
]


class Dump:
    def __init__(self, releases: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self.releases = releases
        self.masters = max(1, int(releases * 0.35))
        self.artists = max(10, releases // 2)
        self.labels = max(5, releases // 9)

    def write(self, folder: Path) -> list[Path]:
        """The four files, gzipped, in the order in which they are imported."""
        folder.mkdir(parents=True, exist_ok=True)
        kinds = {
            "artists": map(self._artist, range(1, self.artists + 1)),
            "labels": map(self._label, range(1, self.labels + 1)),
            "masters": map(self._master, range(1, self.masters + 1)),
            "releases": map(self._release, range(1, self.releases + 1)),
        }
        files = []
        for kind, records in kinds.items():
            files.append(folder / f"bench_{kind}.xml.gz")
            with gzip.open(files[-1], "wt", encoding="utf-8", compresslevel=1) as file:
                self._write(file, kind, records)
        return files

    def _write(self, file: IO[str], kind: str, records: Iterator[str]) -> None:
        file.write(f"<{kind}>\n")
        for record in records:
            file.write(record + "\n")
        file.write(f"</{kind}>\n")

    def _count(self, what: str) -> int:
        low, quarter, median, upper, high, top = QUANTILES[what]
        steps = [
            (0.25, low, quarter),
            (0.5, quarter, median),
            (0.75, median, upper),
            (0.95, upper, high),
            (1, high, top),
        ]
        point = self._chance.random()
        first, last = next((first, last) for bound, first, last in steps if point <= bound)
        return self._chance.randint(first, last)

    def _famous(self, how_many: int) -> int:
        """A number from 1, the small ones often."""
        return min(how_many, int(how_many ** self._chance.random()))

    def _title(self, most: int = 4) -> str:
        words = self._chance.choices(WORDS, k=self._chance.randint(1, most))
        return " ".join(word.capitalize() for word in words)

    def _name_of(self, number: int, kind: str) -> str:
        known = random.Random(f"{kind}{number}")
        return " ".join(word.capitalize() for word in known.choices(WORDS, k=2)) + f" {number % 997}"

    def _credits(self, tag: str, count: int, role: bool) -> str:
        if not count:
            return ""
        entries = []
        for position in range(count):
            number = self._famous(self.artists)
            join = "&amp;" if not role and position + 1 < count else ""
            named = self._chance.choice(ROLES) if role else ""
            entries.append(
                f"<artist><id>{FIRST_ID + number}</id><name>{escape(self._name_of(number, 'artist'))}</name><anv/>"
                f"<join>{join}</join><role>{named}</role><tracks/></artist>"
            )
        return f"<{tag}>{''.join(entries)}</{tag}>"

    def _styles(self) -> str:
        genre = self._chance.choice(list(GENRES))
        styles = "".join(f"<style>{style}</style>" for style in self._chance.sample(GENRES[genre], k=2))
        return f"<genres><genre>{escape(genre)}</genre></genres><styles>{styles}</styles>"

    def _videos(self) -> str:
        videos = "".join(
            f'<video src="https://video.example/{self._chance.getrandbits(40):x}" duration="{self._chance.randint(90, 600)}"'
            f' embed="true"><title>{self._title()}</title><description>{self._title()}</description></video>'
            for _ in range(self._count("videos"))
        )
        return f"<videos>{videos}</videos>" if videos else ""

    def _artist(self, number: int) -> str:
        name = self._name_of(number, "artist")
        return (
            f"<artist><id>{FIRST_ID + number}</id><name>{name}</name><realname>{self._title(2)}</realname>"
            f"<profile>{self._title(12)}.</profile><data_quality>Correct</data_quality>"
            f"<namevariations><name>{name.upper()}</name></namevariations></artist>"
        )

    def _label(self, number: int) -> str:
        return (
            f"<label><id>{FIRST_ID + number}</id><name>{self._name_of(number, 'label')}</name>"
            f"<profile>{self._title(8)}.</profile><data_quality>Correct</data_quality></label>"
        )

    def _master(self, number: int) -> str:
        return (
            f'<master id="{FIRST_ID + number}"><main_release>{FIRST_ID + self._main_release(number)}</main_release>'
            f"{self._credits('artists', self._count('artists'), role=False)}{self._styles()}"
            f"<year>{self._chance.randint(1955, 2024)}</year><title>{self._title()}</title>"
            f"<data_quality>Correct</data_quality>{self._videos()}</master>"
        )

    def _main_release(self, master: int) -> int:
        return min(self.releases, max(1, int(master * 1.6)))

    def _release(self, number: int) -> str:
        label = self._famous(self.labels)
        catalogue_number = f"{WORDS[label % len(WORDS)][:3].upper()} {number % 10_000:04d}"
        described = "".join(
            f"<description>{escape(each)}</description>" for each in self._chance.choice(DESCRIPTIONS)
        )
        return (
            f'<release id="{FIRST_ID + number}" status="Accepted">'
            f"{self._credits('artists', self._count('artists'), role=False)}<title>{self._title()}</title>"
            f'<labels><label name="{self._name_of(label, "label")}" catno="{catalogue_number}" id="{FIRST_ID + label}"/></labels>'
            f"{self._credits('extraartists', self._count('credits'), role=True)}"
            f'<formats><format name="{self._chance.choice(["Vinyl", "Vinyl", "Vinyl", "CD"])}" qty="1" text="">'
            f"<descriptions>{described}</descriptions></format></formats>{self._styles()}"
            f"<country>{self._chance.choice(COUNTRIES)}</country>"
            f"<released>{self._chance.randint(1955, 2024)}-{self._chance.randint(0, 12):02d}-00</released>"
            f"<notes>{self._title(30)}</notes><data_quality>Correct</data_quality>{self._master_of(number)}"
            f"<tracklist>{''.join(self._track(position) for position in range(self._count('tracks')))}</tracklist>"
            f"{self._identifiers(number)}{self._videos()}{self._companies()}</release>"
        )

    def _master_of(self, number: int) -> str:
        master = int(number / 1.6)
        if self._chance.random() > 0.62 or not 1 <= master <= self.masters:
            return ""
        is_main = str(self._main_release(master) == number).lower()
        return f'<master_id is_main_release="{is_main}">{FIRST_ID + master}</master_id>'

    def _track(self, position: int) -> str:
        side = "ABCDEFGH"[min(position // 5, 7)]
        return (
            f"<track><position>{side}{position % 5 + 1}</position><title>{self._title()}</title>"
            f"<duration>{self._chance.randint(1, 9)}:{self._chance.randint(0, 59):02d}</duration>"
            f"{self._credits('extraartists', self._count('track_credits'), role=True)}</track>"
        )

    def _identifiers(self, number: int) -> str:
        barcode = f'<identifier type="Barcode" value="{FIRST_ID * 100 + number}"/>'
        others = "".join(
            f'<identifier type="Matrix / Runout" description="Side {side}" value="{self._title(2).upper()} {side}"/>'
            for side in "ABCDEFGHIJK"[: self._count("identifiers")]
        )
        return f"<identifiers>{barcode}{others}</identifiers>" if others else ""

    def _companies(self) -> str:
        companies = []
        for _ in range(self._count("companies")):
            number = self._famous(self.labels)
            companies.append(
                f"<company><id>{FIRST_ID + number}</id><name>{self._name_of(number, 'label')}</name><catno/>"
                "<entity_type>17</entity_type><entity_type_name>Pressed By</entity_type_name></company>"
            )
        return f"<companies>{''.join(companies)}</companies>" if companies else ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--releases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for file in Dump(chosen.releases, chosen.seed).write(chosen.folder):
        print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
