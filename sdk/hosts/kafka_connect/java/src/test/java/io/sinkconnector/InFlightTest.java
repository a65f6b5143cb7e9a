package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight inFlight = new InFlight();
    private final TopicPartition orders = new TopicPartition("orders", 0);
    private final SinkRecord record = new SinkRecord("orders", 0, null, null, null, null, 4);

    @Test
    void theSameInstanceComesBack() {
        assertSame(record, inFlight.find(inFlight.add(orders, 4, record)));
    }

    @Test
    void recordsBelowAPositionAreLetGo() {
        long first = inFlight.add(orders, 4, record);
        long second = inFlight.add(orders, 9, record);
        inFlight.passed(orders, 5);
        assertNull(inFlight.find(first));
        assertSame(record, inFlight.find(second));
    }

    @Test
    void aClosedPartitionKeepsNothing() {
        inFlight.add(orders, 4, record);
        inFlight.close(orders);
        assertEquals(0, inFlight.size());
    }
}
