"""Google's tests of its robots.txt parser, as the source archive of gpyrobotstxt has them in Python."""

import importlib.util
import sys
import types
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.fetcher.manners import robots

# Where we differ, and how often: a product token has no space in it; lines may be as long as they like; URLs that are
# not percent-encoded never reach us (two cases); %62%61%7A is baz to RFC 9309 (2.2.2), to Google it is not.
DIFFERENCES = {
    "test_GoogleOnly_AcceptUserAgentUpToFirstSpace": 1,
    "test_GoogleOnly_LineTooLong": 2,
    "test_ID_Encoding": 3,
}
NOT_OURS = "test_ID_VerifyValidUserAgentsToObey"  # of a function that we have not


class Matcher:
    """What Google's tests call, with our reading of robots.txt."""

    def one_agent_allowed_by_robots(self, text: str | bytes, agent: str, url: str) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(robots, "PRODUCT_TOKEN", agent)
            return robots.parse(text.encode() if isinstance(text, str) else text).allows(url)


def cases_in(file: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    stub = types.ModuleType("gpyrobotstxt.robots_cc")
    vars(stub)["RobotsMatcher"] = Matcher
    monkeypatch.setitem(sys.modules, "gpyrobotstxt", types.ModuleType("gpyrobotstxt"))
    monkeypatch.setitem(sys.modules, "gpyrobotstxt.robots_cc", stub)
    spec = importlib.util.spec_from_file_location("google", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)["TestGoogleOnlySystem"]


def test_robots_txt_is_read_as_google_reads_it(suites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = cases_in(suites / "gpyrobotstxt-1.0.0" / "test" / "test_google_only_system.py", monkeypatch)
    asked, different = Counter[str](), Counter[str]()

    def check(case: unittest.TestCase, allowed: bool, *, wanted: bool) -> None:  # noqa: FBT001 - unittest's signature
        name = case.id().rpartition(".")[2]
        asked[name] += 1
        different[name] += allowed is not wanted

    monkeypatch.setattr(cases, "assertTrue", lambda case, allowed: check(case, allowed, wanted=True))
    monkeypatch.setattr(cases, "assertFalse", lambda case, allowed: check(case, allowed, wanted=False))
    names = [name for name in unittest.defaultTestLoader.getTestCaseNames(cases) if name != NOT_OURS]
    result = unittest.TestSuite(map(cases, names)).run(unittest.TestResult())
    assert (result.errors, asked.total()) == ([], 145)
    assert +different == DIFFERENCES
