#!/usr/bin/env python3
"""What Snapchat may answer: limits, failures, broken links, refusals. Each event arrives once per id, refused ones are dead letters."""
import time

from harness import E2ETest, event, eventually, record, run_tests


class Answers(E2ETest):
    COUNT = 40

    def run_against(self, *faults, poisoned=0, **changes):
        """COUNT good events (and some that Snapchat refuses) in few batches against a script; all must arrive."""
        self.start(partitions=1)
        self.simulator.script(*faults)
        good = [event(f"e-{n}") for n in range(self.COUNT)]
        bad = [event(f"poison-{n}") for n in range(poisoned)]
        for n, each in enumerate(bad):
            good.insert(7 * n + 3, each)
        self.kafka.produce([record(each) for each in good])
        self.host.create("sink", self.config(**changes))
        self.delivered(self.COUNT)
        self.committed()
        self.assertEqual(self.kafka.dead_codes(), {"snap.invalid": poisoned} if poisoned else {})
        return self.delivered(self.COUNT)  # once more: copies may have come since

    def test_429_waits_as_long_as_it_is_told(self):
        began = time.monotonic()
        self.run_against({"fault": "status", "status": 429, "retry_after": "2"})
        self.assertGreater(time.monotonic() - began, 2.0)
        self.assertGreaterEqual(self.host.sum_metric("snapchat_sink_retries_total"), 1)

    def test_429_with_strange_retry_after(self):
        self.run_against({"fault": "status", "status": 429}, {"fault": "status", "status": 429, "retry_after": "0"},
                         {"fault": "status", "status": 429, "retry_after": "soon"},
                         {"fault": "status", "status": 429, "retry_after": "Sun, 06 Nov 1994 08:49:37 GMT"})

    def test_server_failures_are_retried(self):
        self.run_against(*({"fault": "status", "status": each} for each in (500, 502, 503, 504, 408, 425)))

    def test_broken_links_are_retried_with_the_same_ids(self):
        status = self.run_against({"fault": "reset_before_read"}, {"fault": "reset_mid_read"}, {"fault": "reset_after_read", "accept": True},
                                  {"fault": "reset_mid_answer"}, {"fault": "half_answer"}, {"fault": "garbage"})
        self.assertGreater(status["duplicates"], 0, "bytes sent, no answer: sent again with the same ids")

    def test_answers_that_are_not_snapchats_are_retried(self):
        self.run_against({"fault": "html_200"}, {"fault": "huge_answer"}, {"fault": "status", "status": 200, "body": "{\"status\":\"HUH\"}"})

    def test_unusual_but_proper_answers_are_understood(self):
        status = self.run_against({"fault": "chunked"}, {"fault": "drip", "delay_ms": 300}, {"fault": "continue_100"},
                                  {"fault": "close_without_notify"}, batch__max__events="10", max__in__flight__requests="1")
        self.assertEqual(status["duplicates"], 0)

    def test_an_answer_that_never_comes_ends_with_the_timeout(self):
        self.run_against({"fault": "no_answer"}, request__timeout__ms="1000")

    def test_refused_events_are_found_by_halving_and_the_rest_is_delivered(self):
        for style, status in (("right", 200), ("one", 400), ("wrong", 200), ("none", 400)):
            with self.subTest(index=style, status=status):
                seen = self.run_against({"fault": "refuse_event", "ids": "poison-*", "index": style, "status": status}, poisoned=2)
                self.assertLess(seen["requests"], 40, "halving, not one by one")
                self.tearDown()
                self.setUp()

    def test_the_dead_letter_tells_what_snapchat_said(self):
        self.run_against({"fault": "refuse_event", "ids": "poison-*", "code": "599", "message": "Not on a Monday."}, poisoned=1)
        text = self.kafka.read("events-dead")[0].headers["__connect.errors.exception.message"]
        self.assertRegex(text, r"^snap\.invalid: .*599.*Not on a Monday\.")
        self.assertIn("poison-0", text)

    def test_413_splits(self):
        status = self.run_against({"fault": "status", "status": 413})
        self.assertEqual(status["by_status"].get("413"), 1)
        self.assertGreaterEqual(status["by_status"]["200"], 2)

    def test_503_for_a_while_holds_memory_and_loses_nothing(self):
        self.start(partitions=4)
        self.simulator.script({"fault": "status", "status": 503, "count": -1})
        self.kafka.produce([record(event(f"e-{n}"), partition=n % 4) for n in range(4000)])
        self.host.create("sink", self.config(buffer__max__records="500", batch__max__events="100"))
        eventually(lambda: self.simulator.status()["faults"].get("status", 0) >= 10, "ten failures")
        self.assertLessEqual(self.host.sum_metric("snapchat_sink_buffered_records"), 1000)
        self.assertTrue(all(committed <= 0 for committed, _ in self.kafka.offsets("connect-sink").values()))
        self.simulator.admin("DELETE", "/faults")
        self.delivered(4000)
        self.committed()


if __name__ == "__main__":
    run_tests()
