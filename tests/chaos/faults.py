"""The fault matrix: one entry for each fault, with what must come of it. matrix.py runs an entry against either host.

`script` is the simulator's (tests/simulator/README.md) and is over when it is used up; `trouble` is one of troubles.py, which lasts
until it is mended. `reasons`: at least one of these retries_total reasons is counted. `copies`: whether events may come twice.
"""
from dataclasses import dataclass, field

import troubles

CAP_MS = 1000  # retry.backoff.max.ms of the matrix, and so the least time a recovery may take


@dataclass(frozen=True)
class Fault:
    name: str
    script: tuple = ()
    trouble: type = troubles.Scripted
    copies: str = "none"  # none, some
    reasons: tuple = ()
    poison: tuple = ()  # which of the events are refused and must become dead letters
    options: tuple = ()  # of the simulator
    config: dict = field(default_factory=dict)  # of the connector, dots written as two underscores
    at_least: float = 0.0  # seconds until the last event, because the answer asks for it
    within: float = 0.0  # seconds to recover, where the link itself takes longer than twice the fault
    events: int = 24
    worker: str = "full"  # whether the reduced run against a Kafka Connect worker has it, too: always, full


def status(code, *, name="", worker="full", **more):
    return Fault(f"{code} {name}".strip(), ({"fault": "status", "status": code, **more, "count": 2},), worker=worker,
                 reasons=("http_5xx",) if code >= 500 else (f"http_{code}",))


def link(kind, *reasons, count=2, name=None, worker="full", config=None, copies="none", **more):
    """A fault of the connection. Two in a row: one alone may be a stale keep-alive connection, which is used again at once."""
    return Fault(name or kind.replace("_", " "), ({"fault": kind, "count": count, **more},), reasons=reasons, worker=worker,
                 copies=copies, config=config or {})


LINKS = (
    Fault("connection refused", trouble=troubles.NotThere, reasons=("connect",), worker="always"),
    Fault("reset before the handshake", ({"fault": "reset_at_accept", "count": 3},), trouble=troubles.AtTheFirstConnection,
          reasons=("tls", "connect", "reset", "closed_early")),
    link("reset_before_read", "reset", "closed_early", count=3, name="reset before the request"),
    link("reset_mid_read", "reset", "closed_early", count=3, name="reset during the request"),
    link("reset_after_read", "reset", "closed_early", count=3, name="reset after the request"),
    link("reset_after_read", "reset", "closed_early", accept=True, copies="some", name="reset after the events were taken", worker="always"),
    link("reset_mid_answer", "reset", "closed_early", copies="some", name="reset in the answer"),
    link("half_answer", "closed_early", copies="some", name="half an answer"),
    link("no_answer", "timeout_request", delay_ms=3000, config={"request__timeout__ms": "1000"}, name="the answer never comes", worker="always"),
    link("garbage", "response_malformed", name="garbage instead of HTTP"),
    link("huge_answer", "response_too_large", name="an answer of 5 MB"),
    link("html_200", "answer_unknown", name="200 with HTML"),
    link("continue_100", name="100 Continue first"),
    link("chunked", name="an answer in chunks"),
    link("drip", delay_ms=600, name="an answer that drips"),
    link("close_without_notify", name="closed without close_notify"),
    Fault("TLS 1.2 renegotiation", ({"fault": "renegotiate", "count": 2},), options=("--tls-version", "1.2")),
    Fault("TLS 1.3 key update", ({"fault": "renegotiate", "count": 2},)),
    Fault("name does not resolve", trouble=troubles.Unresolved, reasons=("resolve",)),
    Fault("proxy answers 407", trouble=troubles.ProxyRefuses, reasons=("proxy",)),
    *(Fault(f"certificate: {kind}", trouble=troubles.BadCertificate, options=("--bad-cert", kind), reasons=("tls",))
      for kind in ("expired", "wrong-host", "unknown-ca")),
    Fault("TLS 1.1 only", trouble=troubles.BadCertificate, options=("--tls-version", "1.1"), reasons=("tls",)),
)

ANSWERS = (
    status(408), status(425), status(429), status(500), status(502), status(504), status(503, worker="always"),
    status(429, retry_after="0", name="Retry-After 0"),
    Fault("429 Retry-After 2", ({"fault": "status", "status": 429, "retry_after": "2"},), reasons=("http_429",), at_least=1.9,
          config={"retry__backoff__max__ms": "5000"}, worker="always"),
    status(429, retry_after="63072000", name="Retry-After two years"),
    status(429, retry_after="2 years", name='Retry-After "2 years"'),
    status(429, retry_after="Sun, 06 Nov 1994 08:49:37 GMT", name="Retry-After in the past"),
    status(503, retry_after="Sun, 06 Nov 2094 08:49:37 GMT", name="Retry-After far away"),
    Fault("413", ({"fault": "status", "status": 413},)),
    Fault("401, then the token file is rotated", trouble=troubles.TokenRotated, worker="always"),
    Fault("401 until the configuration is corrected", trouble=troubles.TokenRevoked),
    Fault("403", trouble=troubles.Forbidden),
)

POISON = (3, 11, 12)
REFUSALS = (
    *(Fault(f"INVALID in {code}, index {style}", ({"fault": "refuse_event", "ids": "poison-*", "index": style, "status": code},),
            trouble=troubles.Lasting, poison=POISON, worker="always" if (style, code) == ("wrong", 400) else "full")
      for code in (200, 400) for style in ("right", "one", "wrong", "none")),
    *(Fault(f"all of a batch INVALID in {code}", ({"fault": "refuse_event", "ids": "poison-*", "status": code},),
            trouble=troubles.Lasting, poison=tuple(range(24))) for code in (200, 400)),
)

BAD_ROADS = (
    Fault("150 ms, 50 ms jitter, 1 % loss", trouble=troubles.FarAway, events=600, within=20, worker="always"),
    Fault("64 KB a second", trouble=troubles.Narrow, events=300, within=20),
    Fault("silence on a link that is up", trouble=troubles.Silent, copies="some", reasons=("timeout_request", "timeout_connect"),
          config={"request__timeout__ms": "1000", "connect__timeout__ms": "1000"}),
)

ALL = (*LINKS, *ANSWERS, *REFUSALS, *BAD_ROADS)
