package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final List<TopicPartition> rewound = new ArrayList<>();
    private final InFlight inFlight = new InFlight(rewound::add);
    private final TopicPartition orders = new TopicPartition("orders", 0);

    private static SinkRecord record(int partition, long offset) {
        return new SinkRecord("orders", partition, null, null, null, null, offset);
    }

    @Test
    void theSameInstanceComesBack() {
        SinkRecord r = record(0, 4);
        assertSame(r, inFlight.find(inFlight.add(r)));
    }

    @Test
    void recordsBelowAPositionAreLetGo() {
        SinkRecord kept = record(0, 9);
        long first = inFlight.add(record(0, 4));
        long second = inFlight.add(kept);
        inFlight.passed(orders, 5);
        assertNull(inFlight.find(first));
        assertSame(kept, inFlight.find(second));
    }

    @Test
    void aClosedPartitionKeepsNothing() {
        inFlight.add(record(0, 4));
        inFlight.add(record(1, 4));
        inFlight.close(orders);
        assertEquals(1, inFlight.size());
        inFlight.add(record(0, 2)); // a new assignment may begin anywhere
        assertEquals(List.of(), rewound);
    }

    @Test
    void aRewindForgetsWhatComesAgainAndKeepsWhatIsBelow() {
        SinkRecord below = record(0, 4);
        long kept = inFlight.add(below);
        long gone = inFlight.add(record(0, 6));
        long again = inFlight.add(record(0, 5));
        assertEquals(List.of(orders), rewound);
        assertSame(below, inFlight.find(kept));
        assertNull(inFlight.find(gone));
        assertEquals(5, inFlight.find(again).kafkaOffset());
    }

    @Test
    void theRingGrowsAndWrapsWithoutLosingARecord() {
        List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sequences.add(inFlight.add(record(0, i)));
            if (i == 900) inFlight.passed(orders, 800);
        }
        assertEquals(4_200, inFlight.size());
        for (int i = 800; i < 5_000; i++) assertEquals(i, inFlight.find(sequences.get(i)).kafkaOffset());
        inFlight.passed(orders, 5_000);
        assertEquals(0, inFlight.size());
    }
}
