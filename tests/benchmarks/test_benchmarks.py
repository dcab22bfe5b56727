"""The benchmarks print what they say, on small sets of their own."""

import json
from pathlib import Path

from tests.benchmarks import annotated, dates, places, sentences


def test_places_are_scored_within_161_km(tmp_path: Path) -> None:
    file = tmp_path / "places.xml"
    names = "".join(
        f"<toponym><start>{start}</start><end>{end}</end><lat>{lat}</lat><lon>{lon}</lon></toponym>"
        for start, end, lat, lon in ((5, 10, 48.85, 2.35), (15, 20, 0, 0))
    )
    text = "From Paris and Tokyo."
    file.write_text(f"<articles><article><text>{text}</text><toponyms>{names}</toponyms></article></articles>")
    assert places.score(file) == {
        "n": 2,
        "found": 2,
        "accuracy@161km": 0.5,
        "median_km": places.score(file)["median_km"],
    }


def test_dates_are_scored_by_value_of_dates_and_times_alone(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(
        '<TimeML><DCT><TIMEX3 type="DATE" value="2013-03-22" functionInDocument="CREATION_TIME">x</TIMEX3></DCT>'
        '<TEXT>They left <TIMEX3 type="DATE" value="2013-03-21">yesterday</TIMEX3> after '
        '<TIMEX3 type="DURATION" value="P2D">two days</TIMEX3> and '
        '<TIMEX3 type="DATE" value="1999">last week</TIMEX3>.</TEXT></TimeML>'
    )
    assert dates.score(tmp_path) == {"n": 2, "accuracy": 0.5}


def test_sentences_are_scored_by_the_type_of_their_first_event(tmp_path: Path) -> None:
    file = tmp_path / "sentences.jsonl"
    rows = [("FIGHT", "Rebels killed ten soldiers in Aleppo."), ("AID", "The weather was fine.")]
    file.write_text("".join(json.dumps({"id": text, "event": kind, "text": text}) + "\n" for kind, text in rows))
    assert sentences.score(file) == {"n": 2, "accuracy": 0.5, "macro_f1": 0.5, "f1": {"AID": 0.0, "ASSAULT": 1.0}}


def test_our_annotations_name_words_of_their_articles(shared: Path) -> None:
    rows = list(annotated.of_geowebnews(shared / "data" / "events" / "places.gwn.xml"))
    found = list(annotated.gold(rows, annotated.GEOWEBNEWS))
    events = [event for row in found for event in row["events"]]
    assert (len(rows), len(events)) == (189, 619)
    assert all(event["trigger"] in event["evidence"] for event in events)
    assert all(sum(event["main"] for event in row["events"]) == 1 for row in found if row["events"])


def test_the_made_up_reports_say_what_is_annotated() -> None:
    rows = annotated.of_reports()
    found = list(annotated.gold(rows, annotated.REPORTS))
    counted = {kind: sum(len(row[kind]) for row in found) for kind in ("events", "claims", "quotes")}
    assert (len(rows), counted) == (1505, {"events": 8363, "claims": 8983, "quotes": 3196})
    assert all(sum(event["main"] for event in row["events"]) == 1 for row in found if row["events"])
    digits = [claim for row in found for claim in row["claims"] if (claim["min"] or 0) > 20]
    shown = [str(claim["min"]) in claim["evidence"].replace(",", "") for claim in digits]
    assert sum(shown) > 0.8 * len(shown)
