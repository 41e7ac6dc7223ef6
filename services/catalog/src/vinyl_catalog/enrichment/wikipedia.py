"""Wikipedia's summaries: the page that Wikidata names for what MusicBrainz found, else by words."""

import re
from urllib.parse import quote, unquote, urlsplit

import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.matching import Candidate, Subject, unnumbered
from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Field, Source, SubjectKind, is_foreign_id
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.faults import NoSuchThing
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport

ALLOWANCE = Allowance(3, 1.0)
_ITEM = re.compile(r"/(Q[1-9][0-9]{0,11})$")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")
_ALBUM_BY = re.compile(r"\b(?:album|EP|LP|soundtrack|mixtape|record)\b.*?\bby (.+)$", re.IGNORECASE)
_ALBUM_OF = re.compile(r"^(?:\d{4} )?(.*?) ?(?:album|EP|soundtrack|mixtape)$", re.IGNORECASE)
_MUSICIAN = re.compile(
    r"\b(?:musician|singer|songwriter|rapper|band|group|duo|trio|quartet|composer|guitarist|pianist|drummer"
    r"|bassist|saxophonist|trumpeter|violinist|orchestra|choir|ensemble|DJ|record producer|conductor)\b",
    re.IGNORECASE,
)


class _Sitelink(msgspec.Struct, frozen=True):
    title: str | None = None


class _Item(msgspec.Struct, frozen=True):
    sitelinks: dict[str, _Sitelink] | None = None


class _Items(msgspec.Struct, frozen=True):
    """Without `entities` where the answer is an error, which has status 200 too."""

    entities: dict[str, _Item] | None = None


class _Terms(msgspec.Struct, frozen=True):
    description: list[str] | None = None


class _Page(msgspec.Struct, frozen=True):
    title: str | None = None
    terms: _Terms | None = None


class _Pages(msgspec.Struct, frozen=True):
    pages: list[msgspec.Raw] | None = None


class _Search(msgspec.Struct, frozen=True):
    """Without `query` where nothing was found."""

    query: _Pages | None = None


class _Url(msgspec.Struct, frozen=True):
    page: str | None = None


class _Urls(msgspec.Struct, frozen=True):
    desktop: _Url | None = None


class _Summary(msgspec.Struct, frozen=True):
    type: str | None = None
    title: str | None = None
    extract: str | None = None
    content_urls: _Urls | None = None


class Wikipedia:
    """Of the Wikipedia in `language`; `wikidata` has the same budget."""

    def __init__(self, transport: Transport, wikidata: Transport, language: str) -> None:
        self._transport = transport
        self._wikidata = wikidata
        self._site = f"{language}wiki"
        self._host = f"{language}.wikipedia.org"

    async def find(self, subject: Subject, known: Known) -> list[Candidate]:
        title = await self._linked_title(known)
        if title is not None:
            return [Candidate(title, subject.name, subject.artist, url=self._page(title), linked=True)]
        return await self._search(subject)

    async def read(self, _subject: Subject, foreign_id: str) -> Found:
        said = await self._transport.get(f"/api/rest_v1/page/summary/{_path(foreign_id)}", _Summary)
        text = texts.plain(said.extract)
        if said.type != "standard" or text is None:
            raise NoSuchThing("the page says nothing of one thing alone")
        named = said.content_urls.desktop.page if said.content_urls and said.content_urls.desktop else None
        page = texts.web_address(named, hosts=("wikipedia.org",)) or self._page(foreign_id)
        return Found(foreign_id, page, {Field.TEXT: text, Field.LINKS: [Link("wikipedia", page)]})

    async def _linked_title(self, known: Known) -> str | None:
        for address in known.addresses("wikipedia"):
            parts = urlsplit(address)
            title = unquote(parts.path.removeprefix("/wiki/")).replace("_", " ")
            if parts.hostname == self._host and is_foreign_id(Source.WIKIPEDIA, title):
                return title
        items = [item[1] for address in known.addresses("wikidata") if (item := _ITEM.search(address))]
        return await self._title_of(items[0]) if items else None

    async def _title_of(self, item: str) -> str | None:
        parameters = {
            "action": "wbgetentities",
            "ids": item,
            "props": "sitelinks",
            "sitefilter": self._site,
            "format": "json",
        }
        said = await self._wikidata.get("/w/api.php", _Items, parameters)
        found = (said.entities or {}).get(item)
        link = (found.sitelinks or {}).get(self._site) if found else None
        return link.title if link and link.title and is_foreign_id(Source.WIKIPEDIA, link.title) else None

    async def _search(self, subject: Subject) -> list[Candidate]:
        is_album = subject.kind is SubjectKind.ALBUM
        name, artist = subject.name.replace('"', " ")[:150], unnumbered(subject.artist)[:100]
        words = f'"{name}" {artist} album' if is_album else f'"{unnumbered(name)}" musician OR band'
        parameters = {
            "action": "query",
            "generator": "search",
            "gsrsearch": words,
            "gsrlimit": "10",
            "prop": "pageterms",
            "wbptterms": "description",
            "format": "json",
            "formatversion": "2",
        }
        said = await self._transport.get("/w/api.php", _Search, parameters)
        pages = each_as(said.query.pages if said.query else None, _Page)
        read = _album_of if is_album else _artist_of
        return [
            msgspec.structs.replace(found, url=self._page(found.foreign_id))
            for page in pages
            if page.title and is_foreign_id(Source.WIKIPEDIA, page.title) and (found := read(page))
        ]

    def _page(self, title: str) -> str:
        return f"https://{self._host}/wiki/{_path(title)}"


def _album_of(page: _Page) -> Candidate | None:
    """A page says whose album it is in its description ("1973 studio album by …") or after its title."""
    title, description = texts.name(page.title), _description(page)
    brackets = _BRACKETS.search(title)
    by = _ALBUM_BY.search(description)
    of = _ALBUM_OF.match(brackets[1]) if brackets else None
    if by is None and of is None:
        return None
    artist = by[1] if by else of[1] if of else ""
    year = texts.year(description[:4])
    return Candidate(page.title or "", _BRACKETS.sub("", title), artist, year)


def _artist_of(page: _Page) -> Candidate | None:
    title = texts.name(page.title)
    brackets = _BRACKETS.search(title)
    if not _MUSICIAN.search(f"{_description(page)} {brackets[1] if brackets else ''}"):
        return None
    return Candidate(page.title or "", _BRACKETS.sub("", title))


def _description(page: _Page) -> str:
    said = page.terms.description if page.terms and page.terms.description else [""]
    return texts.name(said[0])


def _path(title: str) -> str:
    return quote(title.replace(" ", "_"), safe="")
