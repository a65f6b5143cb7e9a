package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.log4j.Level;
import org.junit.jupiter.api.Test;

class NativeSinkTaskTest extends NativeSinkTaskFixture {
    @Test
    void whatIsCommittedIsTheNextOffsetToRead() {
        start();
        put(7, "done");
        assertEquals(8, committed(ORDERS, 8));
    }

    @Test
    void anUnresolvedRecordHoldsTheCommitBackUntilItIsResolved() {
        start();
        put(7, "done");
        put(8, "wait");
        put(9, "done");
        assertEquals(8, committed(ORDERS, 10));
        assertEquals(-1, committed(ORDERS, 10));
        put(10, "release");
        assertEquals(11, committed(ORDERS, 11));
    }

    @Test
    void anIdlePartitionIsCommittedPastControlRecords() {
        start();
        put(7, "done");
        assertEquals(12, committed(ORDERS, 12));
        put(12, "wait");
        assertEquals(-1, committed(ORDERS, 20));
    }

    @Test
    void theRuntimeIsAskedToComeBackWithinASecondAfterEveryPutAndSoonerWhileRecordsAreInFlight() {
        start();
        poll();
        assertEquals(1000, context.lastTimeout());
        put(1, "wait");
        assertEquals(200, context.lastTimeout());
        int before = context.timeouts.size();
        committed(ORDERS, 2);
        assertTrue(context.timeouts.size() > before, "armed again after preCommit");
    }

    @Test
    void aFullSinkPausesItsPartitionsAndPutTakesTheRecordsAllTheSame() {
        start("script.capacity", "1");
        put(1, "wait");
        assertEquals(Set.of(), context.paused);
        task.put(List.of(record(ORDERS, 2, "wait"), record(ORDERS, 3, "done")));
        assertEquals(Set.of(ORDERS), context.paused);
        open(OTHER);
        assertEquals(Set.of(ORDERS, OTHER), context.paused, "a partition that comes while paused is paused too");
        assertEquals(-1, committed(ORDERS, 4));
        close(ORDERS);
        poll();
        assertEquals(Set.of(), context.paused, "nothing waits any more");
    }

    @Test
    void partitionsThatComeBackPausedAreResumedWhenNothingWaitsAnyMore() {
        start("script.capacity", "1");
        task.put(List.of(record(ORDERS, 1, "wait"), record(ORDERS, 2, "wait")));
        close(ORDERS); // the backlog goes with it
        poll();
        context.paused.add(ORDERS); // the runtime remembers across a rebalance what was paused
        open(ORDERS);
        assertEquals(Set.of(), context.paused);
    }

    @Test
    void aRenamedTopicDoesNotDisturbOffsetsAndTheSinkSeesBothNames() {
        start();
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString("h", "1").addBytes("h", null);
        SinkRecord original = new SinkRecord("orders", 0, null, "k", (Schema) null, "show", 5, 99L, TimestampType.CREATE_TIME, headers);
        task.put(List.of(original.newRecord("renamed", 3, null, "k", null, "show", 99L, headers)));
        poll();
        assertTrue(logs.has("INFO orders renamed 0 5 k 99 h=1 h=null"), logs.lines.toString());
        assertEquals(6, committed(ORDERS, 6));
    }

    @Test
    void recordsThatComeAgainAfterARewindAreTakenAgain() {
        start();
        task.put(List.of(record(ORDERS, 5, "done"), record(ORDERS, 6, "wait"), record(ORDERS, 7, "done")));
        task.put(List.of(record(ORDERS, 5, "wait")));
        assertEquals(-1, committed(ORDERS, 6), "what was safe before the rewind is not committed after it");
        task.put(List.of(record(ORDERS, 6, "release")));
        assertEquals(7, committed(ORDERS, 7));
    }

    @Test
    void aLostPartitionIsForgottenAndMayComeBack() {
        withDeadLetterQueue();
        start();
        task.put(List.of(record(ORDERS, 5, "done"), record(ORDERS, 6, "wait"), record(ORDERS, 7, "reject x")));
        close(ORDERS); // without preCommit
        assertEquals(Map.of(), task.preCommit(Map.of()));
        writes.forEach(w -> w.complete(null));
        poll();
        open(ORDERS);
        put(6, "done");
        assertEquals(7, committed(ORDERS, 7));
    }

    @Test
    void aFailedSinkFailsPutWithItsReasonButNeverPreCommit() {
        start();
        ConnectException e = assertThrows(ConnectException.class, () -> put(1, "fail token of größer 💥 revoked"));
        assertTrue(e.getMessage().contains("token of größer 💥 revoked"), e.getMessage());
        assertEquals(-1, assertDoesNotThrow(() -> committed(ORDERS, 2)));
        assertEquals(1, context.lastTimeout(), "put is wanted at once, to say so");
        assertThrows(ConnectException.class, this::poll);
        assertDoesNotThrow(() -> task.close(List.of(ORDERS)));
    }

    @Test
    void aLevelThatIsChangedAtRunTimeCountsFromTheNextPut() {
        start();
        put(1, "log 10 silent");
        logs.level(Level.DEBUG);
        put(2, "log 10 loud");
        logs.level(Level.ERROR);
        poll();
        put(3, "log 30 too quiet");
        poll();
        assertFalse(logs.has("silent"));
        assertTrue(logs.lines.contains("DEBUG  loud"), logs.lines.toString());
        assertFalse(logs.has("too quiet"));
    }

    @Test
    void whatTheSinkLogsWhenItIsMadeAndWhenItStopsIsLoggedToo() {
        start();
        poll();
        task.stop();
        assertTrue(logs.lines.containsAll(List.of("INFO created", "INFO open orders-0", "INFO stopped")), logs.lines.toString());
    }

    @Test
    void aSinkThatDoesNotStartFailsTheTaskWithItsReasonAndItsLogLines() {
        ConnectException e = assertThrows(ConnectException.class, () -> start("script.start", "fail"));
        assertEquals("the script says no 💥", e.getMessage());
        assertTrue(logs.lines.containsAll(List.of("WARN about to fail", "INFO stopped")), logs.lines.toString());
        assertDoesNotThrow(task::stop, "twice is once");
    }

    @Test
    void aConfigurationThatTheLibraryRefusesFailsTheTaskWithItsWords() {
        config.remove("script.must");
        assertTrue(assertThrows(ConnectException.class, this::start).getMessage().startsWith("script.must: "));
    }

    @Test
    void tenThousandRecordsInOnePutKeepTheirOrder() {
        start();
        SinkRecord[] many = new SinkRecord[10_000];
        for (int i = 0; i < many.length; i++) many[i] = record(i % 2 == 0 ? ORDERS : OTHER, i, i == 9_000 ? "wait" : "done");
        open(OTHER);
        task.put(Arrays.asList(many));
        assertEquals(8_999, committed(ORDERS, 10_000));
        assertEquals(10_000, committed(OTHER, 10_000));
    }
}
