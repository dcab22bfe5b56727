import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from services import __version__, envelope
from services.fetcher.download import Downloader, Failed, Limits, Request
from services.fetcher.once import NotFetched, page_from_url
from services.fetcher.outcomes import Outcome
from services.fetcher.visit import Elsewhere, Fetched, Visitor
from services.settings import Settings
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


def visits(*urls: str, allow_private: bool = True, delay: float = DELAY) -> list[Answer]:
    """The URLs visited at once by one visitor."""

    async def main() -> list[Answer]:
        contact = "https://example.com/bot"
        async with Downloader(contact=contact, allow_private=allow_private, limits=QUICK) as downloader:
            visitor = Visitor(downloader, delay=delay)
            return await asyncio.gather(*(visitor.visit(Request(url=url)) for url in urls))

    return asyncio.run(main())


def fetched(url: str) -> Fetched:
    (answer,) = visits(url)
    assert isinstance(answer, Fetched), answer
    return answer


def failed(url: str, *, allow_private: bool = True) -> Failed:
    (answer,) = visits(url, allow_private=allow_private)
    assert isinstance(answer, Failed), answer
    return answer


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


def test_broken_gzip_and_a_body_cut_off_are_broken_bodies(site: Site) -> None:
    site.pages |= {"/cut": cut_off, "/junk": Page(b"no gzip", headers=(("Content-Encoding", "gzip"),))}
    assert failed(site.url("/cut")).outcome is Outcome.BROKEN_BODY
    assert failed(site.url("/junk")).outcome is Outcome.BROKEN_BODY


def test_a_slow_drip_and_a_host_that_says_nothing_time_out(site: Site) -> None:
    site.pages |= {"/drip": drip, "/silent": lambda _: time.sleep(1.5)}
    started = time.monotonic()
    assert failed(site.url("/drip")).outcome is Outcome.TIMEOUT
    assert failed(site.url("/silent")).outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 4


def test_a_host_without_answer_does_not_hold_up_the_others(site: Site) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_server(("127.0.0.3", 0))) for _ in range(50)]
        dead = [f"http://127.0.0.3:{each.getsockname()[1]}/" for each in silent]
        started = time.monotonic()
        *_, last = visits(*dead, site.url("/a"))
        assert isinstance(last, Fetched)
        assert site.log[-1].ended - started < 0.9


def test_a_closed_port_and_an_unknown_name_are_different_failures() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert failed(f"http://127.0.0.1:{port}/").outcome is Outcome.CONNECTION_FAILED
    assert failed("http://nowhere.invalid/").outcome in (Outcome.DNS_FAILED, Outcome.TIMEOUT)


def test_a_picture_is_not_read(site: Site) -> None:
    site.pages["/jpg"] = Page(b"\xff\xd8", content_type="image/jpeg")
    assert failed(site.url("/jpg")).outcome is Outcome.NOT_TEXT


def test_a_missing_page_is_an_answer(site: Site) -> None:
    assert fetched(site.url("/none")).status == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "[::1]"])
def test_private_addresses_are_refused_however_they_are_written(site: Site, host: str) -> None:
    port = site.address.rpartition(":")[2]
    (answer,) = visits(f"http://{host}:{port}/a", allow_private=False)
    assert isinstance(answer, Failed)
    assert answer.outcome is Outcome.REFUSED_ADDRESS
    assert site.log == []


def test_metadata_services_are_refused() -> None:
    assert failed("http://169.254.169.254/latest/", allow_private=False).outcome is Outcome.REFUSED_ADDRESS


def test_a_redirect_into_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first host is let through, as if it were a public one."""
    with serving({"/secret": Page(HTML)}, host="127.0.0.2") as inside:
        site.pages["/out"] = redirect(inside.url("/secret"))
        monkeypatch.setattr("services.fetcher.guard.is_refused", lambda address: address != "127.0.0.1")
        assert failed(site.url("/out"), allow_private=False).outcome is Outcome.REFUSED_ADDRESS
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
