"""Settings are read from the environment, or refused by name."""

import re
from pathlib import Path

import pytest

from services.settings import Settings, WrongSetting, read, table


def test_without_variables_every_setting_has_its_default() -> None:
    assert read({}) == Settings()


def test_variables_are_read_with_their_types() -> None:
    given = {
        "DATELINE_BROKERS": "a:1,b:2",
        "DATELINE_DELAY": "2.5",
        "DATELINE_CHILDREN": "3",
        "DATELINE_ALLOW_PRIVATE": "Yes",
    }
    ours = read(given | {"PATH": "/bin"})
    assert (ours.brokers, ours.delay, ours.children, ours.allow_private) == ("a:1,b:2", 2.5, 3, True)


@pytest.mark.parametrize(
    ("name", "value"), [("DATELINE_CHILDREN", "two"), ("DATELINE_DELAY", ""), ("DATELINE_ALLOW_PRIVATE", "perhaps")]
)
def test_a_value_of_the_wrong_type_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_CHILDREN", "-1"),
        ("DATELINE_PARTITIONS", "0"),
        ("DATELINE_LOG_LEVEL", "LOUD"),
        ("DATELINE_MIN_CONFIDENCE", "1.5"),
        ("DATELINE_DELAY", "nan"),
        ("DATELINE_POLL", "inf"),
        ("DATELINE_HEALTH_PORT", "65536"),
        ("DATELINE_CONTACT", "me@example.org\r\nCookie: a=b"),
        ("DATELINE_CONTACT", "m\u00fcller@example.org"),
    ],
)
def test_a_value_out_of_its_range_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read({name: value})


@pytest.mark.parametrize("brokers", ["", "a:b:c", "kafka:port", "one:9092,,two:9092", "kafka:9092/news"])
def test_brokers_that_are_no_addresses_are_named(brokers: str) -> None:
    with pytest.raises(WrongSetting, match="DATELINE_BROKERS"):
        read({"DATELINE_BROKERS": brokers})


def test_brokers_may_lack_a_port_and_be_ipv6() -> None:
    assert read({"DATELINE_BROKERS": "kafka, [::1]:9092"}).brokers == "kafka, [::1]:9092"


def test_a_misspelt_setting_is_refused_instead_of_ignored() -> None:
    with pytest.raises(WrongSetting, match="DATELINE_BROKER "):
        read({"DATELINE_BROKER": "x:1"})


def test_the_table_names_every_setting_with_its_meaning() -> None:
    rows = table(Settings())
    assert len(rows) == len(Settings.__dataclass_fields__)
    assert all(says and kind for _, _, _, kind, says in rows)


def test_what_compose_passes_on_are_settings_with_our_own_defaults() -> None:
    compose = (Path(__file__).parent.parent / "docker-compose.yml").read_text()
    passed_on = dict(re.findall(r"(DATELINE_\w+): \$\{\1:-([^}]*)\}", compose))
    assert len(passed_on) > 10
    assert read(passed_on) == Settings()
