package io.sinkconnector;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records that were handed over and may still come back as dead letters: Kafka Connect wants the very same SinkRecord instance
 * reported. Numbered in order; a partition's are dropped when its position has passed them.
 */
final class InFlight {
    private static final class Entry {
        final long sequence;
        final long offset;

        Entry(long sequence, long offset) {
            this.sequence = sequence;
            this.offset = offset;
        }
    }

    private final Map<Long, SinkRecord> records = new HashMap<>();
    private final Map<TopicPartition, ArrayDeque<Entry>> order = new HashMap<>();
    private long next;

    long add(TopicPartition partition, long offset, SinkRecord record) {
        long sequence = next++;
        records.put(sequence, record);
        order.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(new Entry(sequence, offset));
        return sequence;
    }

    /** null: the partition has moved on or was closed. */
    SinkRecord find(long sequence) {
        return records.get(sequence);
    }

    void passed(TopicPartition partition, long position) {
        ArrayDeque<Entry> entries = order.get(partition);
        if (entries == null) return;
        while (!entries.isEmpty() && entries.peekFirst().offset < position) records.remove(entries.pollFirst().sequence);
    }

    void close(TopicPartition partition) {
        ArrayDeque<Entry> entries = order.remove(partition);
        if (entries != null) entries.forEach(e -> records.remove(e.sequence));
    }

    int size() {
        return records.size();
    }
}
