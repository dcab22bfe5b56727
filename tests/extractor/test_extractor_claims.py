"""Which figures count people hurt or held, and what became of them."""

import pytest

from services.contracts import Claim
from services.extractor.extract import events_of
from tests.extractor.stories import article


def claims_of(text: str) -> list[Claim]:
    return [claim for event in events_of(article(text, headline="News")) for claim in event.claims]


def counted(text: str) -> set[tuple[str, int | None]]:
    return {(claim.kind, claim.min) for claim in claims_of(text)}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Fifty-three people lost their lives in clashes near the border on Friday.", {("dead", 53)}),
        ("Four soldiers were martyred in an ambush on the road to Sefer.", {("dead", 4)}),
        ("Police found the remains of 18 people in two vans on Wednesday.", {("dead", 18)}),
        ("Officers fatally shot a man on Wednesday, the police said.", {("dead", 1)}),
        ("Nine miners were found dead in the shaft on Friday.", {("dead", 9)}),
        ("Eleven other people were admitted to hospital after the shelling.", {("injured", 11)}),
        ("Four officers were treated for minor injuries.", {("injured", 4)}),
        ("Two of the wounded soldiers suffered burns, and 22 people are in serious condition.", {("injured", 22)}),
        ("A 28-year-old man is in custody after the shooting.", {("detained", 1)}),
        ("The rebels captured 17 soldiers on Friday.", {("detained", 17)}),
        ("More than 1,000 people have been driven into camps since June.", {("displaced", 1000)}),
        ("The hospital received 19 bodies overnight.", {("dead", 19)}),
        ("Two bodies were pulled from the river on Monday.", {("dead", 2)}),
        ("The flood took six lives in the valley.", {("dead", 6)}),
        ("The brigade lost 45 soldiers on the ridge.", {("dead", 45)}),
        ("The army put the number of militants neutralised at 22.", {("dead", 22)}),
        ("About 80 militants were destroyed near Sefer.", {("dead", 80)}),
        ("Two farmers were burned alive in their barn.", {("dead", 2)}),
        ("There were 130 murders in the city in 2017.", {("dead", 130)}),
        ("Among the dead were a clerk at the ministry and two bodyguards.", {("dead", 1), ("dead", 2)}),
        ("More than 800 people, the majority of them miners, have been killed in Toravia.", {("dead", 800)}),
        ("He stepped on a mine and three of his men lost both legs.", {("injured", 3)}),
        ("Five shepherds were hit in the legs by bullets.", {("injured", 5)}),
        ("Thirty-one rangers are under treatment in Sefer.", {("injured", 31)}),
        ("Twelve were said to be in a serious condition.", {("injured", 12)}),
        ("A constable of the border force has not been traced.", {("missing", 1)}),
        ("The fate of 250 miners was unknown on Friday.", {("missing", 250)}),
        ("Two tourists held since March were seen in the hills.", {("detained", 2)}),
        ("Eight policemen are thought to be in the hands of the rebels.", {("detained", 8)}),
        ("Twelve protesters were picked up by the police.", {("detained", 12)}),
        ("The gunmen took nine nurses hostage.", {("detained", 9)}),
        ("The attack left three of her neighbours in hospital.", {("injured", 3)}),
        ("Thirty people were treated for cuts and bruises.", {("injured", 30)}),
        ("There were 47 bodies in the yard of the school.", {("dead", 47)}),
        ("Eleven corpses had been brought to the clinic.", {("dead", 11)}),
        ("On Sunday the toll had been 76.", {("dead", 76)}),
        ("The mission gave the number of its injured as five.", {("injured", 5)}),
        ("The wounded driver did not survive.", {("dead", 1)}),
        ("Two policemen and a boy were among the martyrs, the source added.", {("dead", 2), ("dead", 1)}),
        ("A schoolgirl was grazed on the arm by a bullet.", {("injured", 1)}),
        ("A classmate was taken into custody on Friday.", {("detained", 1)}),
        ("A barrel bomb killed a family of five in the old town.", {("dead", 5)}),
        ("Five shepherds and a clerk were among those who died.", {("dead", 5), ("dead", 1)}),
        ("Seven men were swept off by the river and have not been found.", {("missing", 7)}),
        ("Two drivers were stopped at the gate and taken into custody.", {("detained", 2)}),
        ("The fate of nine soldiers whom rebels kidnapped in May is open.", {("missing", 9)}),
        ("Soldiers killed a Kenyan and wounded two sailors.", {("dead", 1), ("injured", 2)}),
        ("In September more than 200 people perished.", {("dead", 200)}),
        ("Three of its commanders held by the government were ill.", {("detained", 3)}),
        ("The ambush took the toll in one of the worst attacks in four years to 22.", {("dead", 22)}),
        ("At least 14 people, including a nursing mother, were killed.", {("dead", 14), ("dead", 1)}),
        ("Gunmen shot dead a tax official near the port.", {("dead", 1)}),
        ("A shell killed a beekeeper in the hills.", {("dead", 1)}),
        ("Six customs officers were gunned down on the road to Sefer.", {("dead", 6)}),
        ("The ferryman's body was found on the beach.", {("dead", 1)}),
        ("She lost two sons in the flood.", {("dead", 2)}),
        ("The wounded were four porters.", {("injured", 4)}),
        ("A fourth was shot dead at the gate.", {("dead", 1)}),
        ("Three climbers broke their legs in the fall.", {("injured", 3)}),
        ("A sergeant had his jaw broken in the scuffle.", {("injured", 1)}),
        ("Doctors treated 26 people for breathing difficulties.", {("injured", 26)}),
        ("Nine porters escaped with burns.", {("injured", 9)}),
        ("The army freed 93 women in the forest.", {("detained", 93)}),
        ("Nine of the guards had been let go by nightfall.", {("detained", 9)}),
        ("Eleven sailors have been seized off the coast since May.", {("detained", 11)}),
        ("The ambulance service evacuated 60 families.", {("displaced", 60)}),
        ("The army forced 150 families to leave.", {("displaced", 150)}),
        ("Some 300 villagers have lost their homes.", {("displaced", 300)}),
        ("About 1,200 people are now in tents.", {("displaced", 1200)}),
    ],
)
def test_what_became_of_people_is_said_in_many_ways(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert claims <= counted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Her four year old son was injured when the window broke.",
        "The skeleton was buried 7 ft under the floor and the man is dead.",
        "A court sentenced him to 30 days detention.",
        "Five people of the 2016 concert were sentenced to prison.",
        "The airline had 24 animal deaths last year.",
        "Tariffs would not end without hurting the two economies.",
    ],
)
def test_ages_measures_years_animals_and_things_are_no_people(text: str) -> None:
    assert not {most for _, most in counted(text)} & {2, 4, 7, 24, 30, 2016}


@pytest.mark.parametrize(
    "text",
    [
        "A court sentenced nobody, but the blast killed off a 200-year-old trade.",
        "The convoy was to have evacuated another 600 villagers on Wednesday.",
        "The suspect, Ana Sorel (29) of Sefer, was not hurt.",
    ],
)
def test_what_was_only_due_and_what_is_an_age_counts_nobody(text: str) -> None:
    assert counted(text) == set()


def test_one_name_is_counted_once_whoever_tells_of_it() -> None:
    found = counted_all("Hamid Sorel was killed on Monday. The police said Sorel was killed by a neighbour.")
    assert found == [("dead", 1)]


def counted_all(text: str) -> list[tuple[str, int | None]]:
    return [(claim.kind, claim.min) for claim in claims_of(text)]


def test_one_person_told_of_again_is_counted_once() -> None:
    text = "Jonas Lind was injured in the attack. The man was injured when the window of the car broke."
    assert counted(text) == {("injured", 1)}
    again = [claim for event in events_of(article(text, headline="News")) for claim in event.claims]
    assert len(again) == 1


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Gunmen killed the mayor on Monday in Lahore. On Tuesday they killed the governor.", 2),
        ("A gunman shot dead his wife in Oslo on Friday. He then killed his son.", 2),
        ("The gunmen killed 12 village elders on Monday.", 12),
        ("Militants killed five town officials on Monday.", 5),
    ],
)
def test_two_victims_are_two_and_a_word_for_a_place_makes_no_people_a_place(text: str, dead: int) -> None:
    claims = [claim for event in events_of(article(text, headline="News")) for claim in event.claims]
    assert sum(claim.min or 0 for claim in claims if claim.kind == "dead") == dead


@pytest.mark.parametrize(
    "text",
    [
        "The army destroyed hundreds of tunnels under the border.",
        "The deal to end the strike was killed off by two senators.",
        "Talks between the two sides were held on Friday.",
        "The climber fell ill and two others went down.",
        "The bus picked up 30 passengers at the station.",
        "Two regulatory bodies are investigating 12 banks.",
        "Lawmakers voted 65-30 on Monday to condemn the killings.",
        "The quake had a magnitude of 8.0 and killed nobody.",
        "A suspect fled the town after the robbery.",
        "Scores of gunmen were fleeing towards the hills.",
        "Protests in 21 cities have been crushed.",
        "Police are looking for ten bags missing from the museum.",
        "The airline treated 300 passengers as a nuisance.",
        "Ten of the victims testified on Monday against the priest.",
        "Two of the victims' families sued the firm.",
        "The leader urged his men to go to the coast and drown the invaders.",
    ],
)
def test_words_of_harm_that_take_no_people_count_nobody(text: str) -> None:
    assert counted(text) == set()


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Gunmen killed a lieutenant and two conscripts near the canal.", [2, 1]),
        ("A widow and her three children were killed in their house.", [4]),
        ("The raid killed a man, his wife and his five children.", [7]),
        ("The shell hit a house in Sefer, killing his wife and two sons.", [3]),
        ("Five women and a child were killed in the camp.", [5, 1]),
        ("Two villagers, a father and his son, were killed on Friday.", [2]),
    ],
)
def test_somebody_and_those_with_them_are_one_figure(text: str, dead: list[int]) -> None:
    assert [claim.min for claim in claims_of(text)] == dead


def test_he_is_counted_where_nobody_told_of_his_fate_before() -> None:
    assert counted("The editor criticised the court. He was arrested on Monday.") == {("detained", 1)}
    again = claims_of("Police arrested an editor on Monday. He was arrested at his home, his lawyer said.")
    assert [claim.kind for claim in again] == ["detained"]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("The ministry said rebels attacked a post. Eighteen troops were wounded.", "narrator"),
        ("The ministry said rebels attacked a post. Another 18 troops were wounded.", "ministry"),
        ("Rebels attacked a post, a tribal elder said. Nine guards were killed, he said.", "tribal elder"),
        ("Two guards were killed in a shooting, Lt. Carol Benning said.", "Carol Benning"),
        (
            "At least 23 rebels have been killed in airstrikes, a Toravian broadcaster claims.",
            "Toravian broadcaster",
        ),
        ("Troops overran a camp believed to be that of the rebels, and two soldiers were killed.", "narrator"),
        (
            "It killed 17 people a hospital doctor said on Sunday as fire spread through the upper floors of the hall.",
            "hospital doctor",
        ),
        ("The president of Ostmark, Arsen Kalan, said that nine miners had been killed.", "Arsen Kalan"),
        ("Storms killed 31 people, the ministry for disaster relief said.", "ministry for disaster relief"),
        ("The war has by the estimate of the Lakeland Institute cost more than 300 lives.", "Lakeland Institute"),
        ("Two hikers were reported missing and four guards were killed.", "narrator"),
    ],
)
def test_a_figure_is_claimed_by_who_speaks_for_it(text: str, claimant: str) -> None:
    assert {claim.claimant.text for claim in claims_of(text)} == {claimant}


@pytest.mark.parametrize(
    ("sentence", "claimant"),
    [
        ("Floods have killed 900 people since May, according to official data.", "official data"),
        ("At least 60 people drowned off the coast, according to a Danish foundation.", "Danish foundation"),
        ("The Relief Council of Ostmark raised its toll to 48 dead on Monday.", "Relief Council of Ostmark"),
        ("The Ostmark Institute counted 12 people killed in the raid.", "Ostmark Institute"),
        ("The mayor of Tamsin spoke of 17 wounded.", "mayor of Tamsin"),
    ],
)
def test_who_counts_registers_or_keeps_the_data_gives_the_figure(sentence: str, claimant: str) -> None:
    assert {claim.claimant.text for claim in claims_of(sentence)} == {claimant}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Dozens are feared drowned off the coast.", {("dead", 24)}),
        ("Not far from Orvan, 250 people were feared missing after a mudslide.", {("missing", 250)}),
        ("Hundreds of refugees are feared dead after their boats capsized.", {("dead", 200)}),
    ],
)
def test_people_who_are_feared_dead_are_counted_as_such(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The toll has risen to 31, with 629 rescued, the mayor said.", {("dead", 31)}),
        ("The bus fell into the lake; only 29 people survived.", set()),
        ("A 50-member tour group that suffered no injuries went on.", set()),
        ("Four men were injured, and three children in the cars were unharmed.", {("injured", 4)}),
        ("Some 20 of the estimated 31 passengers were treated in hospital.", {("injured", 20)}),
    ],
)
def test_who_was_spared_is_not_counted(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Police said the nine killed included three women and a boy.", [1, 3, 9]),
        ("By noon divers had found 20 survivors and twelve bodies.", [12]),
        ("The fire killed two boys and two girls.", [2, 2]),
        ("Some 900 villagers were moved to safer areas.", [900]),
        ("More than 90 people have been found injured since the quake.", [90]),
        ("More than 30 pilgrims are receiving treatment in hospitals in Orvan.", [30]),
        ("The toll from the 14-month war between the army and the rebels has topped 45,000 people.", [45_000]),
        ("The bodies of four men and a woman were pulled from the wreckage.", [1, 4]),
        ("A man taken into custody after the crash is expected to be charged.", [1]),
    ],
)
def test_each_of_those_who_are_listed_is_counted(text: str, numbers: list[int]) -> None:
    told = events_of(article(text, headline="News"))
    assert sorted(claim.min or 0 for event in told for claim in event.claims) == numbers


def test_a_toll_that_may_be_reached_is_the_highest() -> None:
    (claim,) = (c for e in events_of(article("The toll could reach 400, the mayor said.")) for c in e.claims)
    assert (claim.min, claim.max) == (None, 400)


@pytest.mark.parametrize(
    "text",
    [
        "Some 435 villagers have been killed in the 13-day-old conflict.",
        "The ministry said 45 people have been killed and 106 wounded since the start of the war.",
    ],
)
def test_a_toll_of_a_war_is_a_running_total(text: str) -> None:
    assert lasting(text) == {True}


@pytest.mark.parametrize(
    "text",
    [
        "The war began when rebels stormed Orvan, killing 120 people.",
        "A strike killed 12 people on Monday as Ostmark pursues its 14-month war against the rebels.",
    ],
)
def test_a_toll_of_a_deed_in_a_war_is_none(text: str) -> None:
    assert lasting(text) == {False}


def lasting(text: str) -> set[bool]:
    told = events_of(article(text, headline="News"))
    return {claim.cumulative for event in told for claim in event.claims}


def test_surgery_on_a_knee_hurts_nobody() -> None:
    assert not [c for e in events_of(article("Four employees underwent knee surgery in Orvan.")) for c in e.claims]
