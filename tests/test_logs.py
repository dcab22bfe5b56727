"""What of the Kafka clients' talk is logged."""

import logging

from services.logs import Seldom


def record(message: str, *, name: str = "kafka.net.transport") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, None, None)


def test_a_client_says_the_same_once_in_half_a_minute() -> None:
    seldom = Seldom()
    said = [seldom.filter(record(f"node {number} is gone", name="aiokafka")) for number in range(3)]
    assert said == [True, False, False]


def test_of_a_connection_that_a_client_has_closed_itself_nothing_is_said() -> None:
    seldom = Seldom()
    assert not seldom.filter(record("<KafkaTCPTransport [none] (closed)>: Error receiving network data closing socket"))
    assert seldom.filter(record("<KafkaTCPTransport [kafka:9092]>: Error receiving network data closing socket"))
