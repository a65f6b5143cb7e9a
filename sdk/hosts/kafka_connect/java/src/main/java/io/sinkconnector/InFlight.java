package io.sinkconnector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records that were handed over and may still come back as dead letters: Kafka Connect wants the very same SinkRecord instance
 * reported. Numbered in order; a partition's are dropped when its position has passed them. Adding is on the path of every record,
 * finding is not: so no index but the order itself.
 */
final class InFlight {
    private static final class Entry {
        final long sequence;
        final long offset;
        final SinkRecord record;

        Entry(long sequence, long offset, SinkRecord record) {
            this.sequence = sequence;
            this.offset = offset;
            this.record = record;
        }
    }

    /** A queue that can be searched: entries before head have passed. */
    private static final class Partition {
        final List<Entry> entries = new ArrayList<>();
        int head;

        void pass(long position) {
            while (head < entries.size() && entries.get(head).offset < position) entries.set(head++, null);
            if (head == entries.size() || head > 1024 && head > entries.size() / 2) {
                entries.subList(0, head).clear();
                head = 0;
            }
        }

        SinkRecord find(long sequence) {
            int low = head;
            int high = entries.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                Entry e = entries.get(middle);
                if (e.sequence == sequence) return e.record;
                if (e.sequence < sequence) low = middle + 1;
                else high = middle - 1;
            }
            return null;
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private long next;

    long add(TopicPartition partition, long offset, SinkRecord record) {
        long sequence = next++;
        partitions.computeIfAbsent(partition, p -> new Partition()).entries.add(new Entry(sequence, offset, record));
        return sequence;
    }

    /** null: the partition has moved on or was closed. */
    SinkRecord find(long sequence) {
        for (Partition p : partitions.values()) {
            SinkRecord found = p.find(sequence);
            if (found != null) return found;
        }
        return null;
    }

    void passed(TopicPartition partition, long position) {
        Partition p = partitions.get(partition);
        if (p != null) p.pass(position);
    }

    void close(TopicPartition partition) {
        partitions.remove(partition);
    }

    int size() {
        int n = 0;
        for (Partition p : partitions.values()) n += p.entries.size() - p.head;
        return n;
    }
}
