package io.sinkconnector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;

/** Packs records into one reused direct buffer (layout: native/packed.hpp, "records"). Used by one task thread. */
final class RecordPacker {
    private static final int MAGIC = 0x42414353;
    private static final int LAYOUT = 1;
    private static final int START_CAPACITY = 1 << 20;
    private static final int HEAD = 24;

    private final Map<String, Integer> topics = new HashMap<>();
    private final List<byte[]> topicNames = new ArrayList<>();
    private ByteBuffer records = fresh(START_CAPACITY).position(HEAD);
    private int count;

    static final class Header {
        final byte[] key;
        final byte[] value; // null: Kafka's null

        Header(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    void add(long sequence, OriginalCoordinates at, String routedTopic, Long timestamp, TimestampType type, byte[] key, byte[] value, List<Header> headers) {
        int size = 56 + length(key) + length(value) + 8;
        for (Header h : headers) size += 8 + h.key.length + length(h.value);
        records = roomFor(records, size);
        boolean timed = timestamp != null && timestamp >= 0 && type != null && type != TimestampType.NO_TIMESTAMP_TYPE;
        records.putLong(sequence).putLong(at.offset).putLong(timed ? timestamp : -1).putInt(at.partition)
            .putInt(number(at.topic)).putInt(number(routedTopic)).putInt(!timed ? 0 : type == TimestampType.CREATE_TIME ? 1 : 2)
            .putInt(key == null ? -1 : key.length).putInt(value == null ? -1 : value.length).putInt(headers.size()).putInt(0);
        if (key != null) records.put(key);
        if (value != null) records.put(value);
        for (Header h : headers) {
            records.putInt(h.key.length).putInt(h.value == null ? -1 : h.value.length).put(h.key);
            if (h.value != null) records.put(h.value);
        }
        align(records);
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
            records = roomFor(records, 4 + t.length + 8);
            records.putInt(t.length).put(t);
            align(records);
        }
        records.putInt(0, MAGIC).putInt(4, LAYOUT).putInt(8, count).putInt(12, topicNames.size()).putLong(16, topicsAt);
        ByteBuffer done = records.duplicate();
        records.clear().position(HEAD);
        topics.clear();
        topicNames.clear();
        count = 0;
        return done;
    }

    private int number(String topic) {
        return topics.computeIfAbsent(topic, t -> {
            topicNames.add(Packed.utf8(t));
            return topicNames.size() - 1;
        });
    }

    private static int length(byte[] b) {
        return b == null ? 0 : b.length;
    }

    private static void align(ByteBuffer b) {
        while ((b.position() & 7) != 0) b.put((byte) 0);
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
