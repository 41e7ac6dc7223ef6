from vinyl_catalog.domain.searching import catalog_codes_in, highlights_of


def test_a_catalogue_number_may_follow_its_label() -> None:
    assert [(each.code, each.label_words) for each in catalog_codes_in("Blue Moss MO 12")] == [
        ("bluemossmo12", ()),
        ("mossmo12", ("blue",)),
        ("mo12", ("blue", "moss")),
    ]
    assert catalog_codes_in("blue moss") == []


def test_highlights_are_where_the_words_stand() -> None:
    found = highlights_of("title", "Björk & the Bluest Blue", ["bjork", "blue"])
    assert [(each.start, each.end) for each in found] == [(0, 5), (12, 18), (19, 23)]
