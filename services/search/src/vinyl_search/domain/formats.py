"""What a copy is made of, from the words that markets describe it with."""

import re

from vinyl_search.domain.listing import Medium

_QUANTITY = re.compile(r"^\d+\s?x\s?", re.IGNORECASE)
_MEDIUM_OF = {
    **dict.fromkeys(
        ["lp", "vinyl", '12"', '10"', '7"', "ep", "flexi", "flexi-disc", "acetate", "shellac", "lathe"],
        Medium.VINYL,
    ),
    **dict.fromkeys(["cd", "cdr", "cd-rom", "hdcd", "sacd", "cdv", "minidisc"], Medium.DISC),
    **dict.fromkeys(["cass", "cassette", "8-trk", "reel", "dat", "dcc", "microcassette"], Medium.TAPE),
    **dict.fromkeys(["dvd", "dvdr", "vhs", "blu-ray", "blu-ray-r", "file", "memory stick"], Medium.OTHER),
}


def format_words(text: str) -> tuple[str, ...]:
    """`2xLP, Album + CD` is LP, Album, CD."""
    parts = (part.strip() for part in re.split(r"[,+]", text))
    return tuple(dict.fromkeys(word for part in parts if (word := _QUANTITY.sub("", part).strip())))


def medium_of(words: tuple[str, ...]) -> Medium:
    """A box with a record in it is vinyl, whatever else it holds."""
    media = [medium for word in words if (medium := _MEDIUM_OF.get(_plain(word))) is not None]
    if Medium.VINYL in media:
        return Medium.VINYL
    return media[0] if media else Medium.UNKNOWN


def _plain(word: str) -> str:
    return word.casefold().replace("″", '"').replace("''", '"').replace("”", '"')
