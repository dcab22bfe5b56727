"""One visit to a real web server: robots.txt first, redirects, limits, and no way to private addresses."""

import asyncio
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import brotli
import pytest
import zstandard

from services import __version__, envelope
from services.contracts import FetchState, FoundUrl
from services.fetcher.content.pages import page_of
from services.fetcher.links.results import result_of, withheld
from services.fetcher.manners.visit import Elsewhere, Fetched, Visitor
from services.fetcher.once import NotFetched, page_from_url
from services.fetcher.wire.download import Downloader, Failed, Limits, Request
from services.fetcher.wire.guard import WEB_PORTS
from services.fetcher.wire.outcomes import Outcome, of_status
from services.settings import Settings
from services.urls import normalise
from tests.fetcher.servers import Page, Site, cut_off, drip, endless, redirect, serving, zipped

HTML = b"<!doctype html><p>The dam broke.</p>"
QUICK = Limits(connect=1.0, read=0.5, total=1.0)
ROBOTS = Page(b"User-agent: *\nDisallow: /private\n", content_type="text/plain")
DELAY = 0.01
Answer = Fetched | Failed | Elsewhere


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({"/robots.txt": ROBOTS, "/a": Page(HTML)}) as running:
        yield running


def visits(
    *urls: str, allow_private: bool = True, delay: float = DELAY, ports: frozenset[int] = WEB_PORTS
) -> list[Answer]:
    """The URLs visited at once by one visitor."""

    async def main() -> list[Answer]:
        contact = "https://example.com/bot"
        async with Downloader(contact=contact, allow_private=allow_private, ports=ports, limits=QUICK) as downloader:
            visitor = Visitor(downloader, delay=delay)
            return await asyncio.gather(*(visitor.visit(Request(url=url)) for url in urls))

    return asyncio.run(main())


def fetched(url: str) -> Fetched:
    (answer,) = visits(url)
    assert isinstance(answer, Fetched), answer
    return answer


def failed(url: str, *, allow_private: bool = True, ports: frozenset[int] = WEB_PORTS) -> Failed:
    (answer,) = visits(url, allow_private=allow_private, ports=ports)
    assert isinstance(answer, Failed), answer
    return answer


def port_of(site: Site) -> int:
    return int(site.address.rpartition(":")[2])


def test_a_page_comes_as_it_was_served_and_the_site_learns_who_asks(site: Site) -> None:
    answer = fetched(site.url("/a"))
    assert (answer.body, answer.status, answer.redirects) == (HTML, 200, ())
    assert site.log[-1].headers["User-Agent"] == f"dateline/{__version__} (+https://example.com/bot)"


def test_robots_txt_is_asked_first_and_only_once(site: Site) -> None:
    visits(*[site.url("/a")] * 3)
    assert [visit.path for visit in site.log] == ["/robots.txt", "/a", "/a", "/a"]


def test_what_robots_txt_forbids_is_never_requested(site: Site) -> None:
    site.pages |= {"/private/x": Page(HTML), "/door": redirect("/private/x")}
    assert failed(site.url("/private/x")).outcome is Outcome.ROBOTS_DENIED
    assert failed(site.url("/door")).outcome is Outcome.ROBOTS_DENIED
    assert site.asked("/private/x") == 0


def test_a_site_whose_robots_txt_is_broken_is_left_alone(site: Site) -> None:
    site.pages["/robots.txt"] = Page(status=500)
    assert failed(site.url("/a")).outcome is Outcome.ROBOTS_UNREACHABLE
    assert site.asked("/a") == 0


@pytest.mark.parametrize(("redirects", "outcome"), [(5, Outcome.ROBOTS_DENIED), (6, Outcome.HTTP_4XX)])
def test_a_robots_txt_is_followed_through_five_redirects_and_counts_as_none_behind_more(
    site: Site, redirects: int, outcome: Outcome
) -> None:
    site.pages["/robots.txt"] = redirect("/r1")
    site.pages |= {f"/r{number}": redirect(f"/r{number + 1}") for number in range(1, redirects)}
    site.pages[f"/r{redirects}"] = ROBOTS
    (answer,) = visits(site.url("/private"))
    told = answer.outcome if isinstance(answer, Failed) else of_status(cast("Fetched", answer).status)
    assert told is outcome


def test_redirects_are_followed_and_kept(site: Site) -> None:
    site.pages |= {"/1": redirect("/2?utm_source=x"), "/2?utm_source=x": redirect("a#top")}
    answer = fetched(site.url("/1"))
    assert answer.redirects == (site.url("/1"), site.url("/2?utm_source=x"))
    assert (answer.url, answer.final_url, answer.body) == (site.url("/1"), site.url("/a"), HTML)


def test_a_redirect_to_another_host_asks_that_hosts_robots_txt(site: Site) -> None:
    with serving({"/x": Page(HTML), "/robots.txt": Page(b"User-agent: *\nDisallow: /x")}, host="127.0.0.2") as other:
        site.pages["/out"] = redirect(other.url("/x"))
        assert failed(site.url("/out")).outcome is Outcome.ROBOTS_DENIED
        assert other.asked("/x") == 0


def test_going_round_in_circles_ends(site: Site) -> None:
    site.pages |= {"/1": redirect("/2"), "/2": redirect("/1")}
    assert failed(site.url("/1")).outcome is Outcome.TOO_MANY_REDIRECTS
    assert (site.asked("/1"), site.asked("/2")) == (1, 1)


def test_ten_redirects_are_enough(site: Site) -> None:
    site.pages |= {f"/r{number}": redirect(f"/r{number + 1}") for number in range(20)}
    assert failed(site.url("/r0")).outcome is Outcome.TOO_MANY_REDIRECTS
    assert site.asked("/r10") == 1
    assert site.asked("/r11") == 0


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "javascript:alert(1)", "http://[", ""])
def test_a_redirect_to_what_is_no_web_address_goes_nowhere(site: Site, target: str) -> None:
    site.pages["/1"] = redirect(target)
    assert failed(site.url("/1")).outcome in (Outcome.BAD_URL, Outcome.TOO_MANY_REDIRECTS)


def test_twenty_megabytes_are_too_large_whether_announced_or_not(site: Site) -> None:
    site.pages |= {"/said": Page(b"x" * 20_000_000), "/unsaid": endless}
    assert failed(site.url("/said")).outcome is Outcome.TOO_LARGE
    assert failed(site.url("/unsaid")).outcome is Outcome.TOO_LARGE


def test_a_page_of_exactly_the_limit_is_not_too_large(site: Site) -> None:
    site.pages["/full"] = Page(b"x" * QUICK.body)
    assert len(fetched(site.url("/full")).body) == QUICK.body


def test_gzip_is_unpacked_and_a_bomb_of_it_is_too_large(site: Site) -> None:
    site.pages |= {"/zip": zipped(HTML), "/bomb": zipped(bytes(50_000_000))}
    assert fetched(site.url("/zip")).body == HTML
    assert failed(site.url("/bomb")).outcome is Outcome.TOO_LARGE


def packed(body: bytes, coding: str) -> Page:
    return Page(body, headers=(("Content-Encoding", coding),))


def test_a_body_that_is_not_what_its_coding_says_is_broken(site: Site) -> None:
    for coding in ("gzip", "deflate", "br", "zstd"):
        site.pages["/junk"] = packed(b"\x00 nothing of the kind", coding)
        assert failed(site.url("/junk")).outcome is Outcome.BROKEN_BODY


def test_all_codings_of_the_web_are_unpacked_also_one_in_another(site: Site) -> None:
    codings = {
        "gzip": gzip.compress(HTML),
        "x-gzip": gzip.compress(HTML[:9]) + gzip.compress(HTML[9:]),
        "deflate": zlib.compress(HTML),
        "Deflate": zlib.compress(HTML, wbits=-15),
        "br": brotli.compress(HTML),
        "zstd": zstandard.compress(HTML),
        "br, gzip": gzip.compress(brotli.compress(HTML)),
        "utf-8": HTML,
    }
    for coding, body in codings.items():
        site.pages["/packed"] = packed(body, coding)
        assert fetched(site.url("/packed")).body == HTML
    assert "zstd" in site.log[-1].headers["Accept-Encoding"]


def test_a_bomb_is_too_large_whatever_it_is_packed_with(site: Site) -> None:
    zeros = bytes(100_000_000)
    for coding, body in {"gzip": gzip.compress(zeros), "br": brotli.compress(zeros, quality=5),
                         "zstd": zstandard.compress(zeros), "deflate": zlib.compress(zeros)}.items():  # fmt: skip
        site.pages["/bomb"] = packed(body, coding)
        assert failed(site.url("/bomb")).outcome is Outcome.TOO_LARGE
    site.pages["/ratio"] = packed(gzip.compress(bytes(2_000_000)), "gzip")
    assert "200 times" in failed(site.url("/ratio")).detail


def test_a_body_that_breaks_off_is_marked(site: Site) -> None:
    site.pages["/cut"] = cut_off
    answer = fetched(site.url("/cut"))
    assert (answer.body, answer.truncated) == (b"0123456789", True)
    words = " ".join(str(number) for number in range(2000)).encode()
    for coding, body in {"gzip": gzip.compress(words), "br": brotli.compress(words), "deflate": zlib.compress(words),
                         "zstd": zstandard.compress(words)}.items():  # fmt: skip
        site.pages["/half"] = packed(body[: len(body) // 2], coding)
        (half,) = visits(site.url("/half"))
        assert isinstance(half, Failed | Fetched)
        assert isinstance(half, Failed) or (half.truncated and words.startswith(half.body))
        assert not fetched(site.url("/a")).truncated


def test_headers_without_end_are_too_large(site: Site) -> None:
    site.pages |= {
        "/long": Page(HTML, headers=(("X-Long", "x" * 100_000),)),
        "/many": Page(HTML, headers=tuple((f"X-{number}", "x") for number in range(500))),
    }
    assert failed(site.url("/long")).outcome is Outcome.TOO_LARGE
    assert failed(site.url("/many")).outcome is Outcome.TOO_LARGE


def test_of_a_robots_txt_without_end_the_head_counts(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /private\n" + b"# so much to say\n" * 500_000)
    site.pages["/private/x"] = Page(HTML)
    assert failed(site.url("/private/x")).outcome is Outcome.ROBOTS_DENIED
    assert fetched(site.url("/a")).body == HTML


def test_a_slow_drip_and_a_host_that_says_nothing_time_out(site: Site) -> None:
    site.pages |= {"/drip": drip, "/silent": lambda _: time.sleep(1.5)}
    started = time.monotonic()
    assert failed(site.url("/drip")).outcome is Outcome.TIMEOUT
    assert failed(site.url("/silent")).outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 4


def test_a_host_without_answer_does_not_hold_up_the_others(site: Site) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_server(("127.0.0.3", 0))) for _ in range(12)]
        dead = [f"http://127.0.0.3:{each.getsockname()[1]}/" for each in silent]
        started = time.monotonic()
        *_, last = visits(*dead, site.url("/a"))
        assert isinstance(last, Fetched)
        assert site.log[-1].ended - started < (time.monotonic() - started) / 2


def test_a_closed_port_and_an_unknown_name_are_different_failures() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert failed(f"http://127.0.0.1:{port}/").outcome is Outcome.CONNECTION_FAILED
    assert failed("http://nowhere.invalid/").outcome is Outcome.DNS_FAILED


@pytest.mark.parametrize("host", ["a..b", ".a", "a" * 64 + ".example", "a." * 200 + "b"])
def test_a_name_that_nobody_can_have_is_an_unknown_one_also_behind_a_redirect(site: Site, host: str) -> None:
    site.pages["/out"] = redirect(f"http://{host}/")
    assert failed(normalise(f"http://{host}/")).outcome is Outcome.DNS_FAILED
    assert failed(site.url("/out")).outcome is Outcome.DNS_FAILED


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, started = threading.Event(), time.monotonic()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait(30) and [])

    async def main() -> tuple[object, float]:
        try:
            async with Downloader(contact="", allow_private=True, limits=QUICK) as downloader:
                answer = await downloader.get(Request(url="http://slow.example/"))
                return answer, time.monotonic() - started
        finally:
            answers.set()

    answer, seconds = asyncio.run(main())
    assert isinstance(answer, Failed)
    assert answer.outcome is Outcome.DNS_FAILED
    assert seconds < 2 * QUICK.connect


def test_a_picture_is_not_read(site: Site) -> None:
    site.pages["/jpg"] = Page(b"\xff\xd8", content_type="image/jpeg")
    assert failed(site.url("/jpg")).outcome is Outcome.NOT_TEXT


def test_a_missing_page_is_an_answer(site: Site) -> None:
    assert fetched(site.url("/none")).status == 404


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0",
     "0177.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
     "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
     "[2001:0:7f00:1::]", "[fe80::1]", "[fd00:ec2::254]", "[ff02::1]"],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(site: Site, host: str) -> None:
    url = normalise(f"http://{host}:{port_of(site)}/a")
    answer = failed(url, allow_private=False, ports=frozenset({port_of(site)}))
    assert answer.outcome is Outcome.REFUSED_ADDRESS
    assert "port" not in answer.detail
    assert site.log == []


def test_a_name_that_leads_inside_is_refused_at_the_socket(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a look-up said before: what counts is where the connection would go."""
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port_of(site)))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    answer = failed(f"http://public.example:{port_of(site)}/a", allow_private=False, ports=frozenset({port_of(site)}))
    assert (answer.outcome, site.log) == (Outcome.REFUSED_ADDRESS, [])


def test_ports_that_are_not_the_webs_are_refused(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setattr("services.fetcher.wire.guard.is_refused", lambda _: False)
    answer = failed(site.url("/a"), allow_private=False)
    assert (answer.outcome, site.log) == (Outcome.REFUSED_ADDRESS, [])
    assert f"port {port_of(site)}" in answer.detail


@pytest.mark.parametrize("url", ["http://user:secret@127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_the_downloader_itself_refuses_credentials_and_other_schemes(url: str) -> None:
    async def main() -> object:
        async with Downloader(contact="", allow_private=True) as downloader:
            return await downloader.get(Request(url=url))

    answer = asyncio.run(main())
    assert isinstance(answer, Failed)
    assert answer.outcome is Outcome.BAD_URL
    assert "secret" not in answer.detail


def test_a_cookie_is_not_kept_and_nothing_says_where_we_came_from(site: Site) -> None:
    site.pages["/set"] = Page(status=302, headers=(("Location", "/a"), ("Set-Cookie", "id=1; Path=/")))
    fetched(site.url("/set"))
    fetched(site.url("/a"))
    for visit in site.log:
        assert not {"Cookie", "Referer", "Authorization"} & set(visit.headers)


def test_metadata_services_are_refused() -> None:
    assert failed("http://169.254.169.254/latest/", allow_private=False).outcome is Outcome.REFUSED_ADDRESS


def test_a_redirect_into_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first host is let through, as if it were a public one."""
    with serving({"/secret": Page(HTML)}, host="127.0.0.2") as inside:
        site.pages["/out"] = redirect(inside.url("/secret"))
        monkeypatch.setattr("services.fetcher.wire.guard.is_refused", lambda address: address != "127.0.0.1")
        ports = frozenset({port_of(site), port_of(inside)})
        assert failed(site.url("/out"), allow_private=False, ports=ports).outcome is Outcome.REFUSED_ADDRESS
        assert site.asked("/out") == 1
        assert inside.log == []


def test_one_host_never_sees_two_requests_at_once_nor_faster_than_the_delay(site: Site) -> None:
    site.takes = 0.02
    visits(*(site.url(f"/{number}") for number in range(10)), delay=0.1)
    gaps = [after.started - before.ended for before, after in zip(site.log, site.log[1:], strict=False)]
    assert len(site.log) == 11
    assert min(gaps) > 0.08


def test_a_crawl_delay_slows_us_down(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 0.3")
    visits(site.url("/a"), site.url("/a"))
    starts = [visit.started for visit in site.log]
    assert starts[2] - starts[1] > 0.28
    assert starts[1] - starts[0] > 0.28


def test_a_host_that_asks_for_a_long_rest_gets_it(site: Site) -> None:
    site.pages["/busy"] = Page(status=503, headers=(("Retry-After", "3600"),))
    first, second = visits(site.url("/busy"), site.url("/a"))
    assert isinstance(first, Fetched)
    assert isinstance(second, Failed)
    assert (first.status, second.outcome) == (503, Outcome.POSTPONED)
    assert site.asked("/a") == 0


def test_one_page_can_be_had_without_a_broker(site: Site) -> None:
    settings = Settings(allow_private=True, delay=0.0)
    record = page_from_url(site.url("/a"), settings)
    meta = envelope.page_meta(envelope.message_of(record))
    assert (record.value, meta.url, record.place) == (HTML, site.url("/a"), "127.0.0.1")
    with pytest.raises(NotFetched) as none:
        page_from_url(site.url("/none"), settings)
    assert none.value.outcome is Outcome.HTTP_4XX


def test_a_hosts_reservations_are_asked_for_once_and_travel_with_its_pages(site: Site) -> None:
    site.pages["/.well-known/tdmrep.json"] = Page(b'[{"location": "/a", "tdm-reservation": 1}]')

    async def main() -> list[Answer]:
        async with Downloader(contact="", allow_private=True, limits=QUICK) as downloader:
            visitor = Visitor(downloader, delay=DELAY, asks_reservations=True)
            return [await visitor.visit(Request(url=site.url(path))) for path in ("/a", "/b", "/a")]

    answers = asyncio.run(main())
    assert [visit.path for visit in site.log] == ["/robots.txt", "/.well-known/tdmrep.json", "/a", "/b", "/a"]
    for answer in answers:
        assert isinstance(answer, Fetched)
        meta, _ = page_of(answer, FoundUrl(url=answer.url), digest="d")
        assert meta.rights.reserved == (("tdm-reservation",) if answer.url == site.url("/a") else ())
        state = FetchState(url=answer.url, outcome="waiting", fetched_at=answer.fetched_at)
        result = result_of(answer, state, lambda _: None)
        if meta.rights.reserved:
            assert result.page is not None
            assert (withheld(result).outcome, withheld(result).page) == (Outcome.RIGHTS_RESERVED, None)
