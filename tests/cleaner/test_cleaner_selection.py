"""The model's scores to a decision: the border between kept and left out is the page's own."""

import numpy as np

from services.cleaner.body import features, selection
from services.contracts import RemovedReason


def kept(
    scores: list[float],
    *,
    rules: tuple[RemovedReason | None, ...] = (),
    phrases: tuple[int, ...] = (),
    cells: tuple[int, ...] = (),
    lines_of_cell: int | tuple[int, ...] = 1,
) -> list[bool]:
    count = len(scores)
    ruled = selection.Choice(frozenset(), [], list(rules) or [None] * count)
    labels = np.array([float(at in phrases) for at in range(count)])
    ranks = np.array([float(features.CELL if at in cells else 9) for at in range(count)])
    columns = {
        "words": np.where((labels > 0) | (ranks == features.CELL), 2.0, 30.0),
        "phrase": labels,
        "rank": ranks,
        "linked": np.zeros(count),
        "first": np.arange(count, dtype=np.float64),
        "held_pieces": np.log1p(np.broadcast_to(lines_of_cell, count)),
    }
    return [reason is None for reason in selection.settled(ruled, np.array(scores), columns)]


def test_a_page_whose_pieces_are_all_alike_unsure_is_kept_whole() -> None:
    assert kept([0.45] * 6) == [True] * 6


def test_beside_what_is_sure_the_unsure_is_left_out() -> None:
    assert kept([0.99] * 6 + [0.3]) == [True] * 6 + [False]


def test_what_is_unlikely_is_left_out_though_nothing_else_is_there() -> None:
    assert kept([0.2] * 3) == [False] * 3


def test_a_headline_and_a_label_stay_out_whatever_the_model_says() -> None:
    assert kept([0.9, 0.9, 0.9], rules=("headline", None, "ad_label"), phrases=(2,)) == [False, True, False]


def test_an_unsure_summary_stays_out_right_below_the_headline_and_above_the_byline() -> None:
    assert kept([0.1, 0.6, 0.1, 0.99, 0.99], rules=("headline", None, "byline", None, None))[1] is False
    assert kept([0.1, 0.6, 0.99, 0.99], rules=("headline", None, None, None))[1] is False
    assert kept([0.1, 0.1, 0.6, 0.99, 0.99], rules=("headline", None, None, None, None))[2] is True


def test_a_table_of_data_is_kept_or_left_out_as_a_whole() -> None:
    story, cells, after = [0.99] * 4, [0.9, 0.1, 0.9, 0.1, 0.9, 0.9], [0.01] * 3
    assert kept(story + cells + after, cells=tuple(range(4, 10)), phrases=(5,)) == [True] * 10 + [False] * 3
    assert (
        kept(story + cells + after, cells=tuple(range(4, 8)))
        == [True] * 5 + [False, True, False] + [True] * 2 + [False] * 3
    )


def test_a_table_whose_cells_hold_many_lines_is_the_layout_of_a_page() -> None:
    story, cells = [0.99] * 4, [0.9, 0.1, 0.9, 0.1, 0.9, 0.9]
    assert kept(story + cells, cells=tuple(range(4, 10)), lines_of_cell=6)[5:8] == [False, True, False]


def test_a_few_cells_of_many_lines_lay_no_page_out() -> None:
    story, cells = [0.99] * 4, [0.9, 0.1, 0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9]
    lines = (1,) * 4 + (3,) * 6 + (1,) * 3  # two cells of three lines, three of one
    assert all(kept(story + cells, cells=tuple(range(4, 13)), lines_of_cell=lines))


def kept_of(first: tuple[int, ...], *, words: float = 30.0, unlikely: tuple[int, ...] = ()) -> list[bool]:
    """For pieces of so many words each, of which `first` says where the same text stood first."""
    count = len(first)
    scores = np.array([0.01 if at in unlikely else 0.99 for at in range(count)])
    columns = dict.fromkeys(("phrase", "rank", "linked"), np.zeros(count))
    columns |= {"words": np.full(count, words), "first": np.array(first, dtype=np.float64)}
    ruled = selection.Choice(frozenset(), [], [None] * count)
    return [reason is None for reason in selection.settled(ruled, scores, columns)]


def test_a_story_that_the_page_prints_twice_is_kept_once() -> None:
    assert kept_of((0, 1, 2, 3, 4, 1, 2, 3, 8)) == [True] * 5 + [False] * 3 + [True]


def test_the_second_print_of_a_story_is_kept_where_the_first_is_not() -> None:
    assert kept_of((0, 1, 2, 0, 1, 2, 6), unlikely=(0, 1, 2)) == [False] * 3 + [True] * 4


def test_what_a_story_says_twice_is_kept_twice() -> None:
    assert all(kept_of((0, 1, 2, 3, 1, 5, 2))), "not one behind the other"
    assert all(kept_of((0, 1, 2, 3, 1, 2, 6))), "two in a row"
    assert all(kept_of((0, 1, 2, *range(3, 13), 0, 1, 2))), "a small part of the story"
    assert all(kept_of((*range(4), *range(4), *range(4)), words=6)), "a refrain"


def test_what_follows_itself_is_kept_once() -> None:
    assert kept_of((0, 1, 1, 3)) == [True, True, False, True]
    assert all(kept_of((0, 1, 1, 1, 4))), "a refrain"
    assert all(kept_of((0, 1, 1, 3), words=7)), "a line of a song"


def test_captions_stay_out_beside_a_story_and_are_kept_where_they_are_the_story() -> None:
    assert kept([0.99, 0.9, 0.99, 0.99], rules=(None, "caption", None, None)) == [True, False, True, True]
    assert all(kept([0.99, 0.9, 0.9, 0.9], rules=(None, "caption", "caption", "caption")))


def test_comments_and_small_print_stay_out_unless_they_are_the_story_for_sure() -> None:
    assert kept([0.99, 0.7, 0.7], rules=(None, "comments", "legal")) == [True, False, False]
    assert all(kept([0.9, 0.9, 0.9], rules=(None, "comments", "legal")))


def test_letters_to_the_editor_are_the_story_of_a_page_that_has_nothing_else() -> None:
    assert kept([0.05, 0.7, 0.7, 0.7], rules=(None, "comments", "comments", "comments")) == [False, True, True, True]
