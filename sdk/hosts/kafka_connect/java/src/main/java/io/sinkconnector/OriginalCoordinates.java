package io.sinkconnector;

import org.apache.kafka.connect.sink.SinkRecord;

/** Where Kafka has a record, whatever transformations made of its topic (KIP-793, since 3.6; before, such transformations were not supported). */
final class OriginalCoordinates {
    private static final boolean KNOWN = has("originalTopic");

    private OriginalCoordinates() {}

    static String topic(SinkRecord r) {
        return KNOWN ? r.originalTopic() : r.topic();
    }

    static int partition(SinkRecord r) {
        return KNOWN ? r.originalKafkaPartition() : r.kafkaPartition();
    }

    static long offset(SinkRecord r) {
        return KNOWN ? r.originalKafkaOffset() : r.kafkaOffset();
    }

    /** For people: topic-partition@offset. */
    static String text(SinkRecord r) {
        return topic(r) + "-" + partition(r) + "@" + offset(r);
    }

    private static boolean has(String method) {
        try {
            SinkRecord.class.getMethod(method);
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
