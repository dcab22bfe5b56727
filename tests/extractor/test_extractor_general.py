"""Stories of general news: matches, features, courts, roads and what hits a trade without a blow."""

import pytest

from services.contracts import Event
from services.extractor.extract import events_of
from tests.extractor.stories import article

NO_DEEDS = frozenset({"STATEMENT", "TOLL"})
MATCH = (
    "Corvale Rovers went top of the league on Saturday with a 2-1 win over Ilmar City.\n\nCity attacked from the "
    "first whistle and their striker hit the post twice before the referee gave a penalty. Rovers beat City again in "
    "the second half, and the goalkeeper was at fault.\n\nThe visitors blamed the referee after the match. The Rovers "
    "coach said his team had killed them with patience.\n\nRovers visit bottom club Norden on Tuesday. City have not "
    "scored a goal away from home this season."
)


def deeds(body: str, headline: str = "News of the day", **fields: float) -> list[Event]:
    found = events_of(article(body, headline=headline), **fields)
    return [event for event in found if event.event_type not in NO_DEEDS]


def test_the_story_of_a_match_tells_no_deed() -> None:
    assert deeds(MATCH, headline="Late header sends Rovers top") == []


def test_an_arrest_in_the_story_of_a_match_is_one() -> None:
    body = f"{MATCH}\n\nPolice arrested twelve men outside the stadium on Saturday."
    assert {event.event_type for event in deeds(body, headline="Late header sends Rovers top")} == {"COERCE"}


@pytest.mark.parametrize(
    "who",
    [
        "Gunmen attacked the bus of City and shot a steward.",
        "It was attacked by gunmen, who fled.",
        "Fans of Rovers attacked supporters of City with iron bars.",
        "Fans attacked it; two died.",
    ],
)
def test_an_attack_in_the_story_of_a_match_is_one(who: str) -> None:
    body = f"{MATCH}\n\nA bus left the stadium on Saturday. {who}"
    assert "ASSAULT" in {event.event_type for event in deeds(body, headline="Late header sends Rovers top", least=0.0)}


def test_fans_who_block_a_road_do_not_play() -> None:
    body = f"{MATCH}\n\nFans blocked the road to the stadium on Saturday."
    found = deeds(body, headline="Late header sends Rovers top", least=0.0)
    assert [event.event_type for event in found] == ["PROTEST"]


def test_a_coach_who_is_dismissed_is_no_batsman() -> None:
    body = (
        "Coach Karl Brun was dismissed by the club on Monday after a defeat in the final of the cup. The team won no "
        "match this season, and fans threatened players after the game. Players refused to train."
    )
    assert "CONCEDE" in {event.event_type for event in deeds(body)}


def test_a_long_text_in_which_nothing_is_likely_reports_nothing() -> None:
    body = (
        "The sleeping car smells of coffee and dust.\n\nThe blanket folds twice, says the attendant. He has worked on "
        "trains for years.\n\nAll over the continent the sleeper is back. Passengers like it.\n\nTrack charges kill "
        "many routes. The cabins are clever.\n\nAt six he knocks. Mist retreats from a lake."
    )
    assert deeds(body) == []


@pytest.mark.parametrize(
    ("event_type", "sentence"),
    [
        ("ACCIDENT", "The ferry Tarna struck a fishing boat near Belmont on Friday."),
        ("ACCIDENT", "Two women were killed in Belmont on Friday when a car drove into a barricade."),
        ("AID", "Coast guard boats picked up 40 people from the water near Belmont on Friday."),
        ("ASSAULT", "A bomb damaged an office in Belmont on Friday."),
        ("ASSAULT", "The market of Belmont was hit by a car bomb on Friday."),
        ("ASSAULT", "A patrol ship hit the trawler with gunfire off Belmont on Friday."),
        ("ASSAULT", "A suicide truck bomb struck the base near Belmont on Friday."),
        ("CONCEDE", "The doctors of Belmont ended their strike on Friday."),
        ("CONCEDE", "Prince Jonas of Norway will relinquish his duties on Friday."),
        ("DISASTER", "Eleven people died in a fire in Belmont on Friday."),
        ("SANCTION", "Norway ordered two diplomats from Greece to leave on Friday."),
        ("SANCTION", "Norway expelled two employees of the embassy of Greece on Friday."),
        ("ASSAULT", "A deputy deployed his taser against Jonas Lind in Belmont on Friday."),
        ("ASSAULT", "A wave of rockets hit Belmont on Friday, killing two soldiers."),
        ("ASSAULT", "Rebels stormed the army base in Belmont on Friday."),
        ("ASSAULT", "The rocket that hit Belmont on Friday killed two soldiers."),
        ("ASSAULT", "The guard was hit with a hammer by a robber in Belmont on Friday."),
        ("CONCEDE", "The release of the hostages began in Belmont on Friday."),
        ("CONSULT", "Foreign minister Anna Berg paid a courtesy call on President Jonas Lind on Friday."),
        ("PROTEST", "The mayor of Belmont spoke of a teachers' strike on Friday."),
        ("PROTEST", "Villagers sat down on the road to Belmont on Friday."),
        ("REJECT", "The high court of Belmont dismissed a plea by Jonas Lind on Friday."),
    ],
)
def test_who_does_it_and_to_what_tells_the_type(event_type: str, sentence: str) -> None:
    assert event_type in {event.event_type for event in deeds(sentence, least=0.0)}


@pytest.mark.parametrize(
    ("event_type", "sentence"),
    [
        ("ASSAULT", "Car makers in Norway were hit by a shortage of chips on Friday."),
        ("ASSAULT", "A beetle attacked the oaks of Norway on Friday."),
        ("REQUEST", "Demand for cars has slowed in Norway since Friday."),
        ("REQUEST", "Minister Anna Berg called an emergency meeting for Friday."),
        ("SUPPORT", "Defending, Anna Berg said Jonas Lind was ashamed."),
        ("COERCE", "A missile struck a tanker off Belmont on Friday."),
        ("CONCEDE", "The judges gave the champion of Norway the title on Friday."),
        ("CONCEDE", "Police stopped the protest in Belmont on Friday."),
        ("COERCE", "When the nights are cold in Norway, pick everything."),
        ("ACCIDENT", "Jonas Lind crashed out of the tournament in Norway on Friday."),
        ("ACCUSE", "We often criticise the parliament of Norway."),
        ("AGREE", "Crude settled at 90 dollars a barrel in Norway on Friday."),
        ("ASSAULT", "A cyclone was due to hit the coast of Norway on Friday."),
        ("ASSAULT", "The government of Norway battled for votes on Friday."),
        ("ASSAULT", "The band from Norway hit the road on Friday."),
        ("ASSAULT", "Norden Bank of Belmont was hit with a fine of two million euros on Friday."),
        ("ASSAULT", "The disaster that hit Norway on Friday left its rivers dry."),
        ("ASSAULT", "The members for Belmont stormed out of the parliament of Norway on Friday."),
        ("ASSAULT", "The mayor of Belmont lost a long battle with cancer on Friday."),
        ("ASSAULT", "The mayor of Belmont spoke of a teachers' strike on Friday."),
        ("CONCEDE", "The mayor of Belmont conceded on Friday that the ferry had been late."),
        ("CONCEDE", "A release from the city of Belmont said on Friday that the bridge was safe."),
        ("CONSULT", "Shares in Norway rose in a volatile session on Friday."),
        ("CONSULT", "The mayor gave the figures at a briefing in Belmont on Friday."),
        ("DISASTER", "Columns of workers flooded the streets of Belmont on Friday."),
        ("PROTEST", "The diplomats of Norway were handed notes of protest on Friday."),
        ("REQUEST", "Thousands marched through Belmont on Friday to demand the resignation of the mayor."),
        ("RETREAT", "The king of Norway called the visit of Anna Berg an event on Friday."),
        ("SANCTION", "The airline cancelled 40 flights from Norway on Friday."),
        ("THREATEN", "A storm threatened the harbour of Belmont on Friday."),
    ],
)
def test_a_word_without_a_deed_is_none(event_type: str, sentence: str) -> None:
    assert event_type not in {event.event_type for event in deeds(sentence, least=0.0)}


def test_a_part_of_a_councils_name_is_no_place() -> None:
    (event,) = deeds("The leader of Karrowford City Council resigned on Wednesday.")
    assert event.location is None or event.location.name != "City"


def test_money_is_nobody() -> None:
    body = "The agency of Norway fined Norden Bank 200,000 euros on Friday."
    (event,) = [e for e in deeds(body) if e.event_type == "COERCE"]
    assert [actor.name for actor in event.recipient] == ["Norden Bank"]


def test_what_is_to_be_asked_for_lies_ahead() -> None:
    body = "President Anna Berg is to meet the king of Norway on Friday to ask for tanks."
    assert {e.realis for e in deeds(body, least=0.0) if e.event_type == "REQUEST"} <= {"planned"}


def test_a_month_of_that_year_is_of_the_year_told_of() -> None:
    body = "The case began in 2020.\n\nPolice searched the offices of Norden Bank in Belmont in November of that year."
    (event,) = [e for e in deeds(body) if e.event_type == "COERCE"]
    assert event.date is not None
    assert event.date.value == "2020-11"


PLOT = (
    "The film opens with a robbery. A guard is killed and police arrest the wrong man, who kidnaps a judge.\n\n"
    "Director Mona Field never slows down, and actor Ben Hale is superb as the thief."
)


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("Review: Harbour Lights", PLOT),
        ("What to watch", "In the final episode, the detective shoots the mayor and the gang kidnaps her daughter."),
        ("Writer dies", "Her best known book, The Ferry, tells of a smuggler who murders a policeman."),
        ("Festival", "A film about the siege of Belmont was shown on Friday."),
    ],
)
def test_what_a_work_tells_nobody_has_done(headline: str, body: str) -> None:
    assert deeds(body, headline=headline) == []
    assert not any(event.claims for event in events_of(article(body, headline=headline)))


@pytest.mark.parametrize(
    ("event_type", "body"),
    [
        ("COERCE", "Police arrested the director of a film on Friday.\n\nThe film tells of a guard who is killed."),
        ("ASSAULT", "Gunmen attacked a cinema in Belmont on Friday at the premiere of a film, killing nine actors."),
        ("ACCUSE", "The director of the film accuses the mayor of Belmont of fraud."),
        ("ACCUSE", "A review published on Monday accuses the mayor of Belmont. Its author, a judge, filled 120 pages."),
        ("ASSAULT", "The play for power goes on: gunmen attack Belmont."),
        ("ASSAULT", "In a tragic episode, gunmen attack Belmont."),
        ("PROTEST", "The play opened in the theatre on Friday. Outside, protesters threw eggs at the minister."),
    ],
)
def test_what_is_done_where_a_work_is_shown_is_done(event_type: str, body: str) -> None:
    assert {event.event_type for event in deeds(body)} == {event_type}


def test_news_of_people_of_the_stage_is_no_review() -> None:
    body = (
        "The film director Jonas Lind was stabbed to death in Belmont on Friday.\n\n"
        "Police arrest two suspects. The actor Ben Hale and the author Mona Field attend a vigil in the theatre."
    )
    assert {"ASSAULT", "COERCE"} <= {event.event_type for event in deeds(body)}


def test_who_calls_a_strike_a_disgrace_blames() -> None:
    body = "The leader of Norway called the air strike a disgrace on Friday."
    assert "ACCUSE" in {event.event_type for event in deeds(body, least=0.0)}


def test_who_resigns_as_something_does_so_to_nobody() -> None:
    found = deeds("Anna Berg resigned as chairman of Norden Bank in Norway on Friday.", least=0.0)
    assert all("chairman" not in actor.name for event in found for actor in event.recipient)


def test_the_hurt_lie_where_nothing_was_done() -> None:
    body = (
        "Gunmen shot dead two farmers near Bergen in Norway on Friday.\n\nA third was shot in the leg and was taken "
        "to Corvale Hospital in Oslo, police said."
    )
    assert all("Hospital" not in event.location.name for event in deeds(body) if event.location is not None)


def test_a_visit_is_where_it_goes() -> None:
    body = (
        "OSLO, Norway - The foreign minister of Norway met his colleague in Berlin on Friday.\n\n"
        "The minister will visit Greece on Sunday, the ministry in Oslo said."
    )
    visit = next(event for event in deeds(body, least=0.0) if event.trigger.text == "visit")
    assert visit.location is not None
    assert visit.location.country == "GR"


def test_the_strike_of_those_who_stop_work_is_no_attack() -> None:
    body = "Pilots in Norway are striking over pay.\n\nA strike across five countries hurt sales last month."
    assert "ASSAULT" not in {event.event_type for event in deeds(body, headline="Pilots strike", least=0.0)}
