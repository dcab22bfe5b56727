"""Scrapy's side of the fetch benchmark, run by the Python that has Scrapy: reads URLs from a file, keeps nothing.

python fetch_scrapy.py URLS_FILE CONCURRENT
"""

import sys
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess

SETTINGS = {
    "LOG_LEVEL": "ERROR",
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
}


class Pages(scrapy.Spider):  # type: ignore[misc] # Scrapy is not installed where types are checked
    """Fetches every URL once and looks at the decoded body's length."""

    name = "pages"

    def __init__(self, urls: str) -> None:
        super().__init__()
        self.start_urls = Path(urls).read_text().split()
        self.bytes = 0

    def parse(self, response: scrapy.http.Response) -> None:
        """Counts."""
        self.bytes += len(response.body)


if __name__ == "__main__":
    at_once = int(sys.argv[2])
    process = CrawlerProcess(SETTINGS | {"CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once})
    process.crawl(Pages, urls=sys.argv[1])
    process.start()
