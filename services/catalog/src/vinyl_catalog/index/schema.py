"""The fields of the index, and the marks by which an index of other fields is known."""

from pathlib import Path

import tantivy

# To be raised with every change of fields, of what is put into them or of how words are folded: indexes of
# another format are built anew.
FORMAT = 7
# Of beginnings up to so long each is a term: to gather all words that begin so would take too long.
MOST_BEGUN_LETTERS = 5
_WORDS, _BEGINNINGS = "words", "beginnings"
FACETS = ("type", "genre", "style", "format", "country", "label")
# A tag's kind is the name of its field, but for a label's number.
TAG_FIELDS = {
    "genre": "genre",
    "style": "style",
    "format": "format",
    "country": "country",
    "code": "country_code",
    "label": "label_number",
}


def schema() -> tantivy.Schema:
    """`owner` is the record that an entry goes and comes with, where it is another: a song's is its album.
    `title` holds the words of the title, `words` those and all that go with them, `begun` how those begin,
    `names` whole titles, each in one word; `fame` is every level that it reaches, `standing` what multiplies
    a fit, `shown` what a hit shows.
    `spelling` is a word by itself, of an entry without the others."""
    builder = tantivy.SchemaBuilder()
    for name in ("owner", "id", "country_code", "label_number", "spelling"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "words", "names", "fame"):
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="basic")
    builder.add_text_field("begun", tokenizer_name=_BEGINNINGS, index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("year", fast=True)
    builder.add_float_field("standing", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def opened(folder: Path, *, is_new: bool) -> tantivy.Index:
    """Raises ValueError or OSError where there is no index that can be read."""
    index = tantivy.Index(schema(), path=str(folder)) if is_new else tantivy.Index.open(str(folder))
    beginnings = tantivy.Tokenizer.ngram(1, MOST_BEGUN_LETTERS, prefix_only=True)
    for name, tokenizer in ((_WORDS, tantivy.Tokenizer.whitespace()), (_BEGINNINGS, beginnings)):
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(tokenizer).build())
    index.config_reader("manual")
    return index
