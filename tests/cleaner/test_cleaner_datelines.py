"""Datelines in the forms that the world's agencies print, and lines that only look like one."""

from datetime import date

import pytest

from services.cleaner.text import datelines, lines

SENTENCE = "The harbour bridge would reopen on Monday, the council said."
PUBLISHED = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("printed", "place", "day", "agencies"),
    [
        ("WASHINGTON (AP) — ", "Washington", None, ("AP",)),
        ("MUSCAT, Sultanate of Oman — ", "Muscat, Sultanate of Oman", None, ()),
        ("KYIV, Ukraine (AP) — ", "Kyiv, Ukraine", None, ("AP",)),
        ("COLUMBIA, S.C. (AP) — ", "Columbia, S.C.", None, ("AP",)),
        ("LONDON, Oct 11 (Reuters) - ", "London", "2026-10-11", ("Reuters",)),
        ("WASHINGTON/BEIJING, Sept 3 (Reuters) - ", "Washington/Beijing", "2026-09-03", ("Reuters",)),
        ("Port-au-Prince (AFP) – ", "Port-au-Prince", None, ("AFP",)),
        ("Beirut (Lebanon) (AFP) – ", "Beirut, Lebanon", None, ("AFP",)),
        ("Berlin/Hamburg (dpa/lno) - ", "Berlin/Hamburg", None, ("dpa",)),
        ("BEIJING, Sept. 18 (Xinhua) -- ", "Beijing", "2026-09-18", ("Xinhua",)),
        ("MOSCOW, September 18. /TASS/. ", "Moscow", "2026-09-18", ("TASS",)),
        ("New Delhi, Sep 18 (PTI) ", "New Delhi", "2026-09-18", ("PTI",)),
        ("Mumbai, March 3 (IANS): ", "Mumbai", "2026-03-03", ("IANS",)),
        ("New Delhi [India], September 18 (ANI): ", "New Delhi, India", "2026-09-18", ("ANI",)),
        ("TOKYO, Sept. 18, Kyodo - ", "Tokyo", "2026-09-18", ("Kyodo",)),
        ("Madrid, 18 sep (EFE).- ", "Madrid", "2026-09-18", ("EFE",)),
        ("(ANSA) - ROMA, 18 SET - ", "Roma", "2026-09-18", ("ANSA",)),
        ("MOSCOW. Sept 18 (Interfax) - ", "Moscow", "2026-09-18", ("Interfax",)),
        ("МОСКВА, 18 сен — РИА Новости. ", "Москва", "2026-09-18", ("RIA Novosti",)),
        ("ABU DHABI, 18th September, 2024 (WAM) -- ", "Abu Dhabi", "2024-09-18", ("WAM",)),
        ("Riyadh, September 18, 2024, SPA -- ", "Riyadh", "2024-09-18", ("SPA",)),
        ("GENEVA, Oct 2 (UNI/Sputnik) ", "Geneva", "2026-10-02", ("UNI", "Sputnik")),
        ("Colombo, 02 October (Daily Mirror) - ", "Colombo", "2026-10-02", ()),
        ("London, Oct 11, 2026, 9:30 am (GMT) - ", "London", "2026-10-11T09:30:00+00:00", ()),
        ("MUMBAI, Oct 28 - ", "Mumbai", "2025-10-28", ()),
        ("MANILA – ", "Manila", None, ()),
        ("NEW DELHI: ", "New Delhi", None, ()),
        ("ST. JOHN'S, N.L. — ", "St. John's, N.L.", None, ()),
        ("WASHINGTON (AP) _ ", "Washington", None, ("AP",)),
        ("FRANKFURT (dpa-AFX) - ", "Frankfurt", None, ("dpa-AFX",)),
        ("Bern (sda). ", "Bern", None, ("SDA",)),
        ("Mumbai: Oct 10 (PTI) ", "Mumbai", "2026-10-10", ("PTI",)),
        (
            "Lucknow (Uttar Pradesh) [India], October 10 (ANI): ",
            "Lucknow, Uttar Pradesh, India",
            "2026-10-10",
            ("ANI",),
        ),
        ("Damascus, SANA- ", "Damascus", None, ("SANA",)),
        ("Tehran, IRNA – ", "Tehran", None, ("IRNA",)),
        ("JAKARTA, VALEPOS.com - ", "Jakarta", None, ()),
        ("Hong Kong (CNN) — ", "Hong Kong", None, ()),
        ("Zhengzhou, Oct 10 (ValeNews.XYZ) ", "Zhengzhou", "2026-10-10", ()),
        ("Москва. 10 октября. INTERFAX.RU - ", "Москва", "2026-10-10", ("Interfax",)),
        ("Київ. 10 жовтня. УНІАН. ", "Київ", "2026-10-10", ("UNIAN",)),
        ("新华社北京10月10日电 ", "北京", "2026-10-10", ("Xinhua",)),
        ("（中央社記者王小明台北10日電）", "台北", "2026-10-10", ("CNA",)),
        ("【東京共同】", "東京", None, ("Kyodo",)),
        ("［東京 10日 ロイター］ ", "東京", "2026-10-10", ("Reuters",)),
        ("(서울=연합뉴스) ", "서울", None, ("Yonhap",)),
        ("دمشق-سانا ", "دمشق", None, ("SANA",)),
        ("القاهرة (رويترز) - ", "القاهرة", None, ("Reuters",)),
        ("नई दिल्ली, 10 अक्टूबर (भाषा) ", "नई दिल्ली", "2026-10-10", ("PTI",)),
    ],
)
def test_an_agencys_dateline_is_read(printed: str, place: str, day: str | None, agencies: tuple[str, ...]) -> None:
    lead = datelines.leading(printed + SENTENCE, published=PUBLISHED)
    assert lead is not None
    assert (lead.dateline.place, lead.dateline.datetime, lead.agencies) == (place, day, agencies)
    assert lead.dateline.text == printed.strip()
    assert lead.end == len(printed)


@pytest.mark.parametrize(
    ("printed", "place"),
    [("Indianapolis – ", "Indianapolis"), ("Cape Town — ", "Cape Town"), ("Dekalb, Ill. — ", "Dekalb, Ill.")],
)
def test_a_place_in_small_letters_begins_a_story_before_a_dash_and_a_sentence(printed: str, place: str) -> None:
    found = datelines.of_story([printed + SENTENCE], published=PUBLISHED)
    assert found is not None
    assert (found.dateline.place, found.end) == (place, len(printed))


@pytest.mark.parametrize(
    "label", ["Update", "Monday", "Analysis", "Key Takeaway", "Live", "Hurricane Ida", "Dr Ann Lee"]
)
def test_a_label_before_a_dash_is_no_place(label: str) -> None:
    assert datelines.of_story([f"{label} – {SENTENCE}"], published=PUBLISHED) is None


def test_a_name_before_an_aside_is_no_place() -> None:
    text = "Quarrymen – The company behind the bridge – said that it would be closed until Monday for repairs."
    assert datelines.of_story([text], published=PUBLISHED) is None


@pytest.mark.parametrize(
    "text",
    [
        "新华社记者10日电话采访了当地的一位渔民，他说桥已经关闭了三天，要到星期一才能重新开放。",
        "【男女共同参画】市は１２日、橋を修理のため月曜日まで閉鎖すると発表した。",
        "[사진=연합뉴스] 시는 월요일까지 다리를 폐쇄한다고 밝혔다. 주민들은 불편을 호소했다.",
    ],
)
def test_what_names_an_agency_otherwise_is_no_dateline(text: str) -> None:
    assert datelines.leading(text, published=PUBLISHED) is None


@pytest.mark.parametrize(
    "byline", ["By Ann Lee ", "By ANN LEE and BO EK, Associated Press ", "By Ann Lee and Bo Ek ", "By Nate Raymond. "]
)
def test_a_byline_that_lost_its_line_is_no_part_of_the_place(byline: str) -> None:
    found = datelines.leading(f"{byline}LONDON, Oct 10 (Reuters) - {SENTENCE}", published=PUBLISHED)
    assert found is not None
    assert (found.dateline.place, found.dateline.text) == ("London", "LONDON, Oct 10 (Reuters) -")


@pytest.mark.parametrize(
    "text",
    [
        "However - and this matters - nothing happened in the city on Monday.",
        "John Smith (Labour) said that the bridge would be closed until Monday.",
        "Monday, Oct 5 - the day on which the council met for the first time.",
        "UPDATE: The council said on Monday that the bridge would reopen.",
        "DEAR ABBY: My neighbour has a bridge of his own and will not share it.",
        "NASA (AP) is what some call it, but this is a sentence and no dateline.",
        "The BBC (British Broadcasting Corporation) - which said so - is here.",
        "LONDON - a city",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    assert datelines.leading(text, published=PUBLISHED) is None


@pytest.mark.parametrize(
    ("line", "country", "place", "value"),
    [
        ("Beirut Sep 18, 2016, 01.57 PM (IST)", None, "Beirut", "2016-09-18T13:57:00+05:30"),
        ("Jerusalem, Sep 18, 2016, 01:57 PM IST", None, "Jerusalem", "2016-09-18T13:57:00+03:00"),
        ("Dublin, 18 Sep 2016 13:57 IST", None, "Dublin", "2016-09-18T13:57:00+01:00"),
        ("Dhaka, Sep 18, 2016, 10:00 BST", None, "Dhaka", "2016-09-18T10:00:00+06:00"),
        ("Jerusalem, Sep 18, 2016, 01:57 PM IST", "IN", "Jerusalem", "2016-09-18T13:57:00+05:30"),
        ("18 Sep 2016 13:57 IST", "IL", None, "2016-09-18T13:57:00+03:00"),
        ("Published: 09 Jan 2026, 10:15 AM CST", "CN", None, "2026-01-09T10:15:00+08:00"),
        ("Published: 09 Jan 2026, 10:15 AM CST", "US", None, "2026-01-09T10:15:00-06:00"),
        ("Oct. 13, 2025, 3:45 p.m. ET", "US", None, "2025-10-13T15:45:00-04:00"),
        ("10/12/2026 14:30", "US", None, "2026-10-12T14:30:00"),
        ("10/12/2026 14:30", "GB", None, "2026-12-10T14:30:00"),
        ("Опубликовано 18 сентября 2016 г., 10:00", "RU", None, "2016-09-18T10:00:00"),
        ("Datum: 28.04.2023", "DE", None, "2023-04-28"),
        ("Data publikacji: 10 listopada 2026, 14:22", "PL", None, "2026-11-10T14:22:00"),
        ("Selasa, 10 November 2026 | 14:22 WIB", "ID", None, "2026-11-10T14:22:00+07:00"),
        ("승인 2026.11.10 14:22", "KR", None, "2026-11-10T14:22:00"),
    ],
)
def test_a_line_of_place_and_date_is_read_by_the_clocks_of_its_country(
    line: str, country: str | None, place: str | None, value: str
) -> None:
    found = datelines.own_line(line, country=country)
    assert found is not None
    assert (found[0].place, found[1].value) == (place, value)


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        ("Mon Jul 11 2016 Shells hit a market. The town was quiet before.", None, "2016-07-11"),
        ("Last updated at Jul 012016 BEIRUT At least 70 fighters were killed.", "Beirut", "2016-07-01"),
        ("Shells hit a market 3 July 2016 The toll rose, he said. DAMASCUS (Sputnik) He", "Damascus", "2016-07-03"),
        ("Shells hit a market 3 July 2016 The army said that NATO (the alliance) knew.", None, "2016-07-03"),
    ],
)
def test_a_story_that_lost_its_lines_begins_with_its_date_and_place(text: str, place: str | None, day: str) -> None:
    published = date(2016, 7, 2) if "Mon" not in text else date(2011, 2, 2)
    found = datelines.running(text, published=published)
    assert found is not None
    assert (found.place, found.datetime) == (place, day)


def test_a_dateline_may_follow_a_standfirst_but_not_a_paragraph() -> None:
    story = "OSLO — The harbour was closed on Monday after a ferry ran aground."
    published = date(2026, 9, 3)
    found = datelines.of_story(["A ferry has closed the harbour.", story], published=published)
    assert found is not None
    assert found.dateline.place == "Oslo"
    assert datelines.of_story(["A ferry has closed the harbour. " * 12, story], published=published) is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["A", "A ", "Aa, ", "A-", "A (B) ", "Oct 3 ", "A. ", "A/", "A'B. ", "(A) - "])
def test_a_lead_is_sought_in_bounded_time(piece: str) -> None:
    for _ in range(50):
        datelines.leading(piece * 200, published=PUBLISHED)


def test_a_sentence_that_begins_as_a_notice_of_its_date_is_none() -> None:
    assert lines.furniture("Mis en ligne le 3 mai, le site recense 200 espèces.") is None
    assert lines.furniture("Mis en ligne le 3 mai 2026 à 14:05") == "dateline"


def test_a_byline_has_names_and_no_day() -> None:
    names = ("Ann van der Berg", "Jan op den Kamp", "Omar al-Hashimi", "Zia ul Haq", "van der Meer")
    assert all(lines.is_byline(f"By {name}") for name in names)
    assert not lines.is_byline("By Monday morning")


def test_a_sentence_on_when_a_story_was_published_is_the_storys() -> None:
    assert lines.furniture("This story was published in 1912 and made her known far beyond the valley.") is None
    assert lines.furniture("This story was published on 3 May 2026 at 14:05.") == "dateline"
