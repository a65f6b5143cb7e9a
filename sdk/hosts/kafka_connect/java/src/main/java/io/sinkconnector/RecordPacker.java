package io.sinkconnector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;

/** Packs records into one reused direct buffer (layout: native/packed.hpp, "records"). Used by one task thread. */
final class RecordPacker {
    private static final int MAGIC = 0x42414353;
    private static final int LAYOUT = 1;
    private static final int START_CAPACITY = 1 << 20;
    private static final int HEAD = 24;
    private static final int FIXED = 56;
    private static final int ALIGNMENT = 8;

    private final Map<String, Integer> topics = new HashMap<>();
    private final List<byte[]> topicNames = new ArrayList<>();
    private ByteBuffer records = fresh(START_CAPACITY).position(HEAD);
    private int count;
    private String lastTopic;
    private int lastNumber;

    static final class Header {
        final byte[] key;
        final byte[] value; // null: Kafka's null

        Header(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    void add(long sequence, SinkRecord r, byte[] key, byte[] value, List<Header> headers) {
        int size = FIXED + length(key) + length(value) + ALIGNMENT;
        for (int i = 0; i < headers.size(); i++) size += 8 + headers.get(i).key.length + length(headers.get(i).value);
        records = roomFor(records, size);
        ByteBuffer out = records;
        Long timestamp = r.timestamp();
        TimestampType type = r.timestampType();
        boolean timed = timestamp != null && timestamp >= 0 && type != null && type != TimestampType.NO_TIMESTAMP_TYPE;
        out.putLong(sequence).putLong(OriginalCoordinates.offset(r)).putLong(timed ? timestamp : -1).putInt(OriginalCoordinates.partition(r))
            .putInt(number(OriginalCoordinates.topic(r))).putInt(number(r.topic())).putInt(!timed ? 0 : type == TimestampType.CREATE_TIME ? 1 : 2)
            .putInt(key == null ? -1 : key.length).putInt(value == null ? -1 : value.length).putInt(headers.size()).putInt(0);
        if (key != null) out.put(key);
        if (value != null) out.put(value);
        for (int i = 0; i < headers.size(); i++) {
            Header h = headers.get(i);
            out.putInt(h.key.length).putInt(h.value == null ? -1 : h.value.length).put(h.key);
            if (h.value != null) out.put(h.value);
        }
        align(out);
        count++;
    }

    int count() {
        return count;
    }

    int bytes() {
        return records.position();
    }

    /** The buffer to hand over; its position is its size. Valid until the next add. */
    ByteBuffer finish() {
        int topicsAt = records.position();
        for (byte[] t : topicNames) {
            records = roomFor(records, 4 + t.length + ALIGNMENT);
            records.putInt(t.length).put(t);
            align(records);
        }
        records.putInt(0, MAGIC).putInt(4, LAYOUT).putInt(8, count).putInt(12, topicNames.size()).putLong(16, topicsAt);
        ByteBuffer done = records.duplicate();
        records.clear().position(HEAD);
        topics.clear();
        topicNames.clear();
        lastTopic = null;
        count = 0;
        return done;
    }

    private int number(String topic) {
        if (topic.equals(lastTopic)) return lastNumber; // mostly the same object: the records of a poll are of one topic
        lastTopic = topic;
        return lastNumber = topics.computeIfAbsent(topic, t -> {
            topicNames.add(Packed.utf8(t));
            return topicNames.size() - 1;
        });
    }

    private static int length(byte[] b) {
        return b == null ? 0 : b.length;
    }

    private static void align(ByteBuffer b) {
        b.position((b.position() + ALIGNMENT - 1) & -ALIGNMENT); // nobody reads what lies between
    }

    private static ByteBuffer fresh(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Direct memory is dear to allocate and freed only by the collector: it grows by doubling and is kept. */
    private static ByteBuffer roomFor(ByteBuffer b, int more) {
        if (b.remaining() >= more) return b;
        ByteBuffer larger = fresh(Math.max(b.capacity() * 2, Math.addExact(b.position(), more)));
        b.flip();
        return larger.put(b);
    }
}
