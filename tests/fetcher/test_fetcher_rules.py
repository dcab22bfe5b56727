"""Rules that are functions alone: robots.txt, charsets, addresses and ports that are refused, outcomes of a status."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.content.charset import charset_of
from services.fetcher.manners import robots
from services.fetcher.manners.politeness import crawl_delay
from services.fetcher.wire.guard import is_refused, ports_of
from services.fetcher.wire.outcomes import of_status


def test_a_group_for_us_counts_before_the_group_for_all() -> None:
    rules = robots.parse(b"User-agent: *\nDisallow: /\n\nUser-agent: Dateline\nDisallow: /private\n")
    assert rules.allows("http://h/story")
    assert not rules.allows("http://h/private/x")


def test_the_longer_rule_wins() -> None:
    rules = robots.parse(b"User-agent: *\nDisallow: /\nAllow: /news/\n")
    assert rules.allows("http://h/news/1")
    assert not rules.allows("http://h/about")


def test_a_crawl_delay_is_read_and_ends_no_group() -> None:
    rules = robots.parse(b"User-agent: other\nCrawl-delay: 7\nUser-agent: dateline\nDisallow: /x\n")
    assert not rules.allows("http://h/x")
    assert robots.parse(b"User-agent: *\nCrawl-delay: 7\nDisallow: /x\n").crawl_delay == 7


def test_a_client_error_allows_everything_and_a_server_error_nothing() -> None:
    assert robots.from_status(404, b"").allows("http://h/x")
    assert robots.from_status(403, b"").allows("http://h/x")
    assert not robots.from_status(503, b"").allows("http://h/x")
    assert not robots.from_status(429, b"").allows("http://h/x")


def test_rules_are_fresh_for_a_day_and_no_answer_for_minutes() -> None:
    assert robots.fresh_until(robots.EVERYTHING_ALLOWED, now=10) == 10 + 24 * 3600
    assert robots.fresh_until(robots.UNREACHABLE, now=10) == 310


ROBOTS_LINES = st.sampled_from(
    [b"User-agent: *", b"Disallow: /", b"Crawl-delay: x", b"Crawl-delay: -1", b"\x00", b"\n", b"\xff\xfe",
     b"Allow: *$", b"Disallow: %%%", b"Crawl-delay: 1e999"]
)  # fmt: skip


@given(st.lists(ROBOTS_LINES | st.binary(max_size=12)))
def test_no_bytes_of_a_robots_txt_raise_anything(parts: list[bytes]) -> None:
    rules = robots.parse(b"\n".join(parts))
    assert rules.allows("http://h/x") in (True, False)
    assert crawl_delay(rules.crawl_delay, floor=5) >= 5


def test_a_site_may_slow_us_down_but_not_speed_us_up() -> None:
    assert crawl_delay(20, floor=5) == 20
    assert crawl_delay(0.1, floor=5) == 5
    assert crawl_delay(None, floor=5) == 5
    assert crawl_delay(86_400, floor=5) == 5


@pytest.mark.parametrize(
    ("body", "content_type", "declared", "used"),
    [
        ("é".encode(), None, None, "utf-8"),
        ("é".encode("latin-1"), None, None, "windows-1252"),
        ("é".encode(), "text/html; charset=ISO-8859-1", "iso-8859-1", "windows-1252"),
        ("é".encode("latin-1"), 'text/html; charset="utf-8"', "utf-8", "windows-1252"),
        ("\ufeffé".encode(), "text/html; charset=windows-1251", "windows-1251", "utf-8"),
        ("é".encode("utf-16"), None, None, "utf-16-le"),
        ('<meta charset="windows-1251">Привет'.encode("cp1251"), None, "windows-1251", "cp1251"),
        (b'<meta http-equiv=content-type content="text/html; charset=gb2312">', None, "gb2312", "gb18030"),
        (b"<!-- <meta charset=koi8-r> --><meta charset=utf-16>", None, "utf-8", "utf-8"),
        ("“é”".encode("cp1252"), "text/html; charset=iso8859-1", "iso8859-1", "windows-1252"),
        ("ツ".encode("cp932"), "text/html; charset=x-sjis", "x-sjis", "cp932"),
        ("裏".encode("big5hkscs"), "text/html; charset=x-x-big5", "x-x-big5", "big5hkscs"),
        ("é".encode("cp1250"), "text/html; charset=x-cp1250", "x-cp1250", "cp1250"),
        (b"x", "text/html; charset=hex", "hex", "utf-8"),
        (b"x", "text/html; charset=utf-7", "utf-7", "utf-8"),
    ],
)
def test_the_charset_used_decodes_the_body_and_the_declared_one_is_kept(
    body: bytes, content_type: str | None, declared: str | None, used: str
) -> None:
    charset = charset_of(body, content_type)
    assert (charset.declared, charset.used) == (declared, used)


@given(st.binary(max_size=80), st.none() | st.text(max_size=40), st.sampled_from(["", "charset=", "<meta charset="]))
def test_no_bytes_of_a_page_raise_anything(body: bytes, header: str | None, before: str) -> None:
    charset = charset_of(before.encode() + body, before + (header or ""))
    assert isinstance((before.encode() + body).decode(charset.used, "replace"), str)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "168.63.129.16", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:8.8.8.8",
     "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "::ffff:0:8.8.8.8",
     "no address", ""],
)  # fmt: skip
def test_addresses_that_lead_inside_are_refused(address: str) -> None:
    assert is_refused(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "168.63.129.17", "2606:2800:220:1::1", "172.32.0.1"])
def test_addresses_of_the_public_internet_are_not(address: str) -> None:
    assert not is_refused(address)


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "ok"), (304, "not_modified"), (404, "http_4xx"), (429, "rate_limited"),
                            (500, "http_5xx"), (300, "http_other"), (999, "http_other")],
)  # fmt: skip
def test_a_status_has_its_outcome(status: int, outcome: str) -> None:
    assert of_status(status) == outcome


def test_a_version_after_our_name_is_no_part_of_it() -> None:
    rules = robots.parse(
        b"User-agent: Dateline/1.0 (news)\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n"
    )
    assert not rules.allows("http://h/x")
    assert rules.allows("http://h/y")
    assert rules.crawl_delay == 9
    assert not robots.parse(b"User-agent: datelines\nDisallow:\n\nUser-agent: *\nDisallow: /\n").allows("http://h/y")


def test_lines_of_other_kinds_end_no_group() -> None:
    rules = robots.parse(
        b"User-agent: dateline\nContent-Signal: ai-train=no\nRequest-rate: 1/5\nUser-agent: b\nDisallow: /"
    )
    assert not rules.allows("http://h/y")


RUSSIAN = "<p>Министр сообщил, что в результате наводнения погибли не менее девяноста человек.</p>" * 3


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        ("<p>政府は土曜日、洪水により少なくとも九十人が死亡したと発表した。</p>", "shift_jis"),
        ("<p>政府周六宣布，洪水造成至少九十人死亡，数百所房屋倒塌。</p>", "gb18030"),
        ("<p>정부는 토요일 홍수로 최소 구십 명이 숨졌다고 발표했다.</p>", "euc-kr"),
        (
            "<p>Le gouvernement a annoncé samedi qu’au moins quatre-vingt-dix personnes ont été tuées.</p>",
            "windows-1252",
        ),
    ],
)
def test_a_charset_that_nobody_names_is_detected(text: str, charset: str) -> None:
    body = text.encode(charset)
    found = charset_of(body, "text/html")
    assert found.declared is None
    assert body.decode(found.used) == text


class Counted(bytes):
    """Bytes that count how often they are decoded, by codec and manner."""

    seen: Counter[tuple[str, str]]

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        self.seen[encoding, errors] += 1
        return super().decode(encoding, errors)


@pytest.mark.parametrize("header", ["text/html; charset=utf-8", None])
def test_a_name_that_was_tried_is_not_tried_again(header: str | None) -> None:
    page = Counted(b"<meta charset=utf-8>" + "“é”".encode("cp1252"))
    page.seen = Counter()
    assert charset_of(page, header).used == "windows-1252"
    assert set(page.seen.values()) == {1}


def test_a_damaged_page_keeps_its_charset_and_a_wrong_name_does_not_hold() -> None:
    page = RUSSIAN.encode() + b"\xff \xe9"
    assert charset_of(page, "text/html; charset=utf-8").used == "utf-8"
    assert charset_of(page[:-5], "text/html; charset=utf-8").used == "utf-8"
    assert charset_of(RUSSIAN.encode("windows-1251"), "text/html; charset=utf-8").used == "cp1251"
    assert charset_of("<p>déjà</p>".encode("latin-1"), "text/html; charset=utf-8").used == "windows-1252"


@pytest.mark.parametrize("text", ["", "80,", "a,b", "0", "65536", "-80"])
def test_what_is_no_port_is_named(text: str) -> None:
    assert ports_of("80, 443") == {80, 443}
    with pytest.raises(ValueError, match="names what is no port"):
        ports_of(text)
