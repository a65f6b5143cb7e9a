package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private final FakeContext context = new FakeContext();
    private final List<Long> durable = new ArrayList<>();
    private final List<CompletableFuture<Void>> writes = new ArrayList<>();
    private final DeadLetters letters = new DeadLetters(context, true, durable::add);

    private void refuse(long offset, long ticket) {
        context.reporter = (record, why) -> {
            writes.add(new CompletableFuture<>());
            return writes.get(writes.size() - 1);
        };
        letters.refuse(new SinkRecord("orders", 0, null, null, null, null, offset), ticket, "code", "message");
    }

    @Test
    void aTicketSettlesWhenItsWriteIsDoneInWhateverOrder() {
        refuse(1, 10);
        refuse(2, 20);
        writes.get(1).complete(null);
        letters.settle();
        assertEquals(List.of(20L), durable);
        assertTrue(letters.waiting());
        writes.get(0).complete(null);
        letters.settle();
        assertEquals(List.of(20L, 10L), durable);
        assertFalse(letters.waiting());
    }

    @Test
    void waitingIsBoundedAndSettlesWhatIsDone() {
        refuse(1, 10);
        letters.await(1);
        assertEquals(List.of(), durable);
        writes.get(0).complete(null);
        letters.await(1);
        assertEquals(List.of(10L), durable);
    }

    @Test
    void onlyTheBridgesOwnRefusalsHoldACommitBackForTheNativeSideKnowsTheOthers() {
        refuse(5, 10);
        assertEquals(9, letters.committable(ORDERS, 9));
        refuse(6, DeadLetters.NO_TICKET);
        assertEquals(6, letters.committable(ORDERS, 9));
        assertEquals(3, letters.committable(ORDERS, 3));
        assertEquals(9, letters.committable(new TopicPartition("orders", 1), 9));
    }

    @Test
    void aFailedWriteIsSaidAgainUntilTheTaskIsGone() {
        refuse(5, 10);
        writes.get(0).cancel(true);
        assertThrows(ConnectException.class, letters::settle);
        assertThrows(ConnectException.class, letters::settle);
        assertEquals(List.of(), durable);
    }

    @Test
    void aClosedPartitionWaitsForNothing() {
        refuse(5, 10);
        refuse(6, DeadLetters.NO_TICKET);
        letters.close(ORDERS);
        assertFalse(letters.waiting());
        assertEquals(List.of(10L), durable, "the native side lets go of the record");
    }

    /** As the producer's futures: get() of an interrupted thread throws, also when the outcome is known. */
    @Test
    void whatBecameOfALetterIsNotTakenForGoodByAnInterruptedThread() {
        FutureTask<Void> write = new FutureTask<>(() -> {
            throw new IllegalStateException("too large");
        }) {
            @Override
            public Void get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
                if (Thread.interrupted()) throw new InterruptedException();
                return super.get(timeout, unit);
            }
        };
        write.run();
        context.reporter = (record, why) -> write;
        letters.refuse(new SinkRecord("orders", 0, null, null, null, null, 5), 10, "code", "message");
        Thread.currentThread().interrupt();
        letters.settle();
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), durable, "nobody knows yet that it was not written");
        assertThrows(ConnectException.class, letters::settle);
    }

    @Test
    void anInterruptedWaitKeepsTheInterruptAndTheLetter() {
        refuse(5, 10);
        Thread.currentThread().interrupt();
        letters.await(1000);
        assertTrue(Thread.interrupted());
        assertTrue(letters.waiting());
    }
}
