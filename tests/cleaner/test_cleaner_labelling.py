"""The labels of the training pages: which pieces are the article's, read off its text alone."""

from services.cleaner import labelling

LEAD = "The river rose by two metres in the night, the harbour master said."
END = "All four bridges are open again since noon on Friday."


def told(pieces: list[str], label: str) -> list[str]:
    right = labelling.told([labelling.words_of(piece) for piece in pieces], label)
    return [piece for piece, kept in zip(pieces, right, strict=True) if kept]


def test_cells_are_the_articles_where_the_label_has_their_row_in_one_line() -> None:
    cells = ["Town", "Level", "Ebern", "412", "Oslau", "97"]
    assert told(["412", LEAD, *cells, END, "Town"], f"{LEAD}\nTown Level Ebern 412 Oslau 97\n{END}") == [
        LEAD,
        *cells,
        END,
    ]


def test_a_number_between_paragraphs_is_furniture_where_the_label_has_nothing_between_them() -> None:
    assert told([LEAD, "412", "Share", END], f"{LEAD}\n\n{END}") == [LEAD, END]


def test_a_short_last_line_is_found_below_the_last_long_one() -> None:
    assert told([LEAD, "Ebern", "412", "Menu"], f"{LEAD}\nEbern 412") == [LEAD, "Ebern", "412"]


def test_of_two_copies_the_one_beside_the_story_counts() -> None:
    pieces = [END, "Menu", "Sport", "Weather", LEAD, END]
    right = labelling.told([labelling.words_of(piece) for piece in pieces], f"{LEAD}\n\n{END}")
    assert right == [False, False, False, False, True, True]


def test_a_label_that_has_nothing_of_the_page_leaves_it_empty() -> None:
    assert told([LEAD, "Menu"], "Another story altogether stands here.") == []
