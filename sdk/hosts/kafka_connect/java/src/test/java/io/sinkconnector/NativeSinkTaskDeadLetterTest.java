package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class NativeSinkTaskDeadLetterTest extends NativeSinkTaskFixture {
    private static final Map<String, Object> WITHOUT_JSON = Map.of("amount", new BigDecimal("1.5")); // no schema says what it is

    @Test
    void theVerySameRecordIsReportedAndTheReasonBeginsWithItsCode() {
        withDeadLetterQueue();
        start();
        SinkRecord refused = put(4, "reject record.not.json");
        assertSame(refused, reported.get(0));
        assertEquals("record.not.json: so says the script", reasons.get(0));
    }

    @Test
    void theOriginalRecordIsReportedThoughItsTopicWasRenamed() {
        withDeadLetterQueue();
        start();
        SinkRecord renamed = record(ORDERS, 4, "reject x").newRecord("elsewhere", 9, null, null, null, "reject x", 1L);
        task.put(List.of(renamed));
        assertSame(renamed, reported.get(0));
    }

    @Test
    void nothingIsCommittedPastADeadLetterThatIsNotWrittenYet() {
        withDeadLetterQueue();
        start();
        put(4, "done");
        put(5, "reject x");
        put(6, "done");
        assertEquals(5, committed(ORDERS, 7));
        assertEquals(200, context.lastTimeout(), "the write is asked after soon");
        writes.get(0).complete(null);
        assertEquals(7, committed(ORDERS, 7));
    }

    @Test
    void aDeadLetterThatCannotBeWrittenFailsTheTaskAndIsNotCommittedPast() {
        withDeadLetterQueue();
        start();
        put(5, "reject x");
        writes.get(0).completeExceptionally(new IllegalStateException("no leader"));
        assertEquals(-1, assertDoesNotThrow(() -> committed(ORDERS, 6)));
        ConnectException e = assertThrows(ConnectException.class, this::poll);
        assertEquals("the dead letter of record orders-0@5 could not be written: no leader", e.getMessage());
    }

    @Test
    void withErrorsNotToleratedTheRuntimesRefusalFailsPut() {
        context.reporter = (record, why) -> {
            throw new ConnectException("Tolerance exceeded in error handler", why);
        };
        start();
        ConnectException e = assertThrows(ConnectException.class, () -> put(5, "reject x"));
        assertTrue(e.getCause().getMessage().startsWith("x: "), e.toString());
        assertEquals(-1, assertDoesNotThrow(() -> committed(ORDERS, 6)));
    }

    @Test
    void withoutAReporterAndWithoutToleranceTheTaskFails() {
        start();
        ConnectException e = assertThrows(ConnectException.class, () -> put(5, "reject x"));
        assertEquals("record orders-0@5 was rejected and errors.tolerance is none: x: so says the script", e.getMessage());
        assertEquals(-1, committed(ORDERS, 6));
    }

    @Test
    void withToleranceAndNowhereToReportTheDropIsLoggedWithCodeAndPosition() {
        start("errors.tolerance", "all");
        put(5, "reject x");
        assertTrue(logs.has("WARN record orders-0@5 is dropped: x: so says the script"), logs.lines.toString());
        assertEquals(6, committed(ORDERS, 6));
    }

    @Test
    void aReporterThatOnlyLogsCountsAsWritten() {
        context.reporter = (record, why) -> {
            reported.add(record);
            return CompletableFuture.completedFuture(null);
        };
        start("errors.tolerance", "all", "errors.log.enable", "true");
        put(5, "reject x");
        assertEquals(1, reported.size());
        assertEquals(6, committed(ORDERS, 6));
    }

    @Test
    void aValueWithoutAJsonFormIsADeadLetterAndTheRestOfItsBatchGoesOn() {
        withDeadLetterQueue();
        start();
        SinkRecord bad = record(ORDERS, 5, WITHOUT_JSON);
        task.put(List.of(record(ORDERS, 4, "done"), bad, record(ORDERS, 6, "done")));
        assertSame(bad, reported.get(0));
        assertTrue(reasons.get(0).startsWith("record.not.convertible: "), reasons.get(0));
        assertEquals(5, committed(ORDERS, 7), "held back until the dead letter is written");
        writes.get(0).complete(null);
        assertEquals(7, committed(ORDERS, 7));
    }

    @Test
    void aValueWithoutAJsonFormFailsATaskThatToleratesNothing() {
        start();
        assertTrue(assertThrows(ConnectException.class, () -> put(5, WITHOUT_JSON)).getMessage().contains("record.not.convertible"));
        assertEquals(5, committed(ORDERS, 5), "as far as the runtime had consumed before that put");
    }

    @Test
    void theReasonNamesNoStackFrames() {
        withDeadLetterQueue();
        DataException[] why = new DataException[1];
        context.reporter = (record, error) -> {
            why[0] = (DataException) error;
            return CompletableFuture.completedFuture(null);
        };
        start();
        put(5, "reject x");
        assertEquals(0, why[0].getStackTrace().length);
    }
}
