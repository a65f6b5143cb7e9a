package io.sinkconnector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records that were handed over and may still come back as dead letters: Kafka Connect wants the very same SinkRecord instance
 * reported. Numbered in order; a partition's are dropped when its position has passed them. Adding is on the path of every record,
 * finding is not: so no index but the order itself, and nothing is allocated for a record.
 */
final class InFlight {
    /** A ring of records in the order of their offsets and of their numbers. */
    private static final class Partition {
        private SinkRecord[] records = new SinkRecord[1024]; // a power of two long, as the other two
        private long[] sequences = new long[1024];
        private long[] offsets = new long[1024];
        private int head;
        private int size;
        private long last = -1;

        private int at(int i) {
            return (head + i) & (records.length - 1);
        }

        void add(long sequence, long offset, SinkRecord record) {
            if (size == records.length) grow();
            int i = at(size++);
            records[i] = record;
            sequences[i] = sequence;
            offsets[i] = offset;
            last = offset;
        }

        private void grow() {
            SinkRecord[] r = new SinkRecord[size * 2];
            long[] s = new long[size * 2];
            long[] o = new long[size * 2];
            for (int i = 0; i < size; i++) {
                r[i] = records[at(i)];
                s[i] = sequences[at(i)];
                o[i] = offsets[at(i)];
            }
            records = r;
            sequences = s;
            offsets = o;
            head = 0;
        }

        void pass(long position) {
            while (size > 0 && offsets[head] < position) {
                records[head] = null;
                head = at(1);
                size--;
            }
        }

        /** What comes again from there on is forgotten. */
        void rewind(long to) {
            while (size > 0 && offsets[at(size - 1)] >= to) records[at(--size)] = null;
        }

        SinkRecord find(long sequence) {
            int low = 0;
            int high = size - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                long found = sequences[at(middle)];
                if (found == sequence) return records[at(middle)];
                if (found < sequence) low = middle + 1;
                else high = middle - 1;
            }
            return null;
        }
    }

    private final Map<String, Partition[]> topics = new HashMap<>();
    private final Consumer<TopicPartition> rewound;
    private String lastTopic; // the records of a poll are mostly of one topic: then no look-up
    private Partition[] ofLastTopic;
    private long next;

    /** rewound hears of a partition whose offset did not grow, before the record is taken: the consumer went back. */
    InFlight(Consumer<TopicPartition> rewound) {
        this.rewound = rewound;
    }

    /** The record's number. */
    long add(SinkRecord record) {
        String topic = OriginalCoordinates.topic(record);
        int number = OriginalCoordinates.partition(record);
        long offset = OriginalCoordinates.offset(record);
        Partition p = opened(topic, number);
        if (offset <= p.last) {
            p.rewind(offset);
            rewound.accept(new TopicPartition(topic, number));
        }
        p.add(next, offset, record);
        return next++;
    }

    /** null: the partition has moved on, went back or was closed. */
    SinkRecord find(long sequence) {
        for (Partition[] ofTopic : topics.values()) {
            for (Partition p : ofTopic) {
                SinkRecord found = p == null ? null : p.find(sequence);
                if (found != null) return found;
            }
        }
        return null;
    }

    void passed(TopicPartition partition, long position) {
        Partition p = partition(partition);
        if (p != null) p.pass(position);
    }

    void close(TopicPartition partition) {
        if (partition(partition) != null) topics.get(partition.topic())[partition.partition()] = null;
    }

    int size() {
        int n = 0;
        for (Partition[] ofTopic : topics.values()) for (Partition p : ofTopic) n += p == null ? 0 : p.size;
        return n;
    }

    private Partition partition(TopicPartition at) {
        Partition[] ofTopic = topics.get(at.topic());
        return ofTopic == null || at.partition() >= ofTopic.length ? null : ofTopic[at.partition()];
    }

    private Partition opened(String topic, int number) {
        if (!topic.equals(lastTopic) || number >= ofLastTopic.length) {
            ofLastTopic = topics.compute(topic, (t, old) -> old == null ? new Partition[number + 1] : old.length > number ? old : Arrays.copyOf(old, number + 1));
            lastTopic = topic;
        }
        Partition p = ofLastTopic[number];
        return p != null ? p : (ofLastTopic[number] = new Partition());
    }
}
