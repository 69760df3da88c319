"""What a client sees over HTTP: times, CPU of the serving processes, the weight of a first visit."""

import gzip
import http.client
import queue
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bench.asks import Ask
from bench.cpu import milliseconds


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds; cpu is that of the web processes per request, database that of the database's own."""

    p50: float
    p99: float
    per_second: float
    cpu: float
    database: float


def _client(port: int, asks: "queue.SimpleQueue[Ask]", took: list[float], wrong: list[str]) -> None:
    """Send until nothing is left, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        try:
            ask = asks.get_nowait()
        except queue.Empty:
            return connection.close()
        start = time.perf_counter()
        connection.request(ask.method, ask.path, body=ask.body.encode() or None, headers=ask.headers())
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - start) * 1000)
        if answer.status != ask.expect:
            wrong.append(f"{ask.path}: {answer.status} instead of {ask.expect}")


def loaded(port: int, asks: Sequence[Ask], clients: int, web: Sequence[int], database: Sequence[int]) -> Times:
    """Send all of them from so many keep-alive clients; raises RuntimeError for an answer of another status."""
    waiting: queue.SimpleQueue[Ask] = queue.SimpleQueue()
    for ask in asks:
        waiting.put(ask)
    took: list[float] = []
    wrong: list[str] = []
    threads = [threading.Thread(target=_client, args=(port, waiting, took, wrong)) for _ in range(clients)]
    before, behind, start = _cpu(web), _cpu(database), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if wrong or len(took) != len(asks):
        raise RuntimeError(f"{len(asks) - len(took)} without an answer; {wrong[:3]}")
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    each = len(asks)
    return Times(cuts[49], cuts[98], each / seconds, (_cpu(web) - before) / each, (_cpu(database) - behind) / each)


def _cpu(processes: Sequence[int]) -> float:
    return sum(milliseconds(pid) for pid in processes)


def median(runs: Sequence[Times]) -> Times:
    """Each figure's median over the runs."""
    columns = zip(*((one.p50, one.p99, one.per_second, one.cpu, one.database) for one in runs), strict=True)
    return Times(*(statistics.median(column) for column in columns))


class Linked(HTMLParser):
    """Collects what a browser fetches with a page: sheets, scripts, pictures and the sprite of icons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        fetched = tag in {"script", "img", "use"} or (tag == "link" and given.get("rel") in {"stylesheet", "icon"})
        link = given.get("src") or given.get("href") or ""
        if fetched and link and not link.startswith(("data:", "#")):
            self.links.append(link.partition("#")[0])


def weight(port: int, path: str) -> dict[str, int]:
    """Bytes of the bodies as they were sent, compressed, of the page and of what a first visit fetches with it."""
    html, sent = _fetched(port, path)
    weights = {"page": sent}
    for link in dict.fromkeys(Linked(html.decode()).links):
        target = urlsplit(urljoin(path, link)).path
        weights[target.rpartition("/")[2]] = _fetched(port, target)[1]
    return weights


def _fetched(port: int, path: str) -> tuple[bytes, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept": "text/html,*/*", "Accept-Encoding": "gzip, br"})
    answer = connection.getresponse()
    body, coding = answer.read(), answer.getheader("Content-Encoding", "")
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return gzip.decompress(body) if coding == "gzip" else body, len(body)
