"""Every metric, once, each with the reason why someone would look at it."""

from prometheus_client import Counter, Gauge, Histogram

CONSUMED = Counter(
    "dateline_messages_consumed_total", "Records taken from the source topic: is the stage working at all?", ["stage"]
)
PRODUCED = Counter(
    "dateline_messages_produced_total",
    "Records delivered, by topic: does the output keep up with the input?",
    ["stage", "topic"],
)
DEAD = Counter(
    "dateline_dead_letters_total",
    "Records that could not be processed, by reason: a rise is a sick source or a bug",
    ["stage", "reason"],
)
FOUND = Counter(
    "dateline_findings_total",
    "What the stage found, by kind (event types, removed reasons): did a site or a rule change?",
    ["stage", "kind", "value"],
)
WORK = Histogram(
    "dateline_work_seconds",
    "Time of one record in its child: which stage is the narrow one?",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
CHILDREN_LOST = Counter(
    "dateline_children_replaced_total",
    "Child processes killed or lost: pages that stall, or memory set too low",
    ["stage"],
)
IN_FLIGHT = Gauge(
    "dateline_in_flight_messages",
    "Records in the window: full all the time means that children are the limit",
    ["stage"],
)
LAG = Gauge(
    "dateline_lag_messages",
    "Records behind the end of the topic, over the assigned partitions: scale out when it grows",
    ["stage"],
)
MEMORIES = Gauge(
    "dateline_memories",
    "Sites that the assigned partitions' memory knows: the worker's own memory grows by them",
    ["stage"],
)
READY = Gauge("dateline_ready", "1 when the broker is reached and partitions are assigned", ["stage"])
FETCHES = Counter(
    "dateline_fetches_total", "Fetches by outcome, a closed set of words: is a source falling silent?", ["outcome"]
)
FETCH_SECONDS = Histogram(
    "dateline_fetch_seconds", "Time of one download, request to last byte: is the network or a site slow?"
)
ATTEMPTS = Counter(
    "dateline_fetch_attempts_total",
    "Fetches begun, of pages and of sources: the outcomes of each kind must add up to them, or some were lost",
    ["kind"],
)
FETCHED_BYTES = Counter("dateline_fetched_bytes_total", "Bytes of bodies, unpacked: what does the crawl cost?")
KNOWN = Gauge("dateline_known_urls", "URLs remembered: how much of the memory is theirs?")
WAITING = Gauge("dateline_waiting_links", "Links that are due now or later, retries and revisits included")
QUEUED = Gauge("dateline_queued_links", "Links that are due now: more than the sites' delays allow if it only grows")
SCHEDULE_LAG = Gauge(
    "dateline_schedule_lag_seconds", "How late the most overdue page, or source, is: do the fetchers keep up?", ["kind"]
)
RESTING = Gauge("dateline_resting_hosts", "Hosts in back-off: is it they, or our own network?")
SOURCES = Gauge("dateline_polled_sources", "Sources that this fetcher polls")
SILENCE = Gauge(
    "dateline_newest_item_age_seconds",
    "Age of the newest item of the source that has been silent for longest: which one, says `sources list --silent`",
)
POLLS = Counter("dateline_polls_total", "Feeds, sitemaps and lists read, by outcome", ["outcome"])
HUB_REQUESTS = Counter(
    "dateline_hub_requests_total",
    "Requests to hubs to begin, renew or end a subscription, by outcome: does a hub refuse us?",
    ["mode", "outcome"],
)
CALLBACKS = Counter(
    "dateline_callbacks_total",
    "Requests of hubs by what they were, a closed set of words: do pushes arrive, and are they genuine?",
    ["kind"],
)
SUBSCRIPTIONS = Gauge("dateline_live_subscriptions", "Sources of ours of whose news a hub tells")
