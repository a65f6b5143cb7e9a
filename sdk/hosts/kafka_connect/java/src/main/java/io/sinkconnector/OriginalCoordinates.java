package io.sinkconnector;

import org.apache.kafka.connect.sink.SinkRecord;

/** Where Kafka has a record, whatever transformations made of its topic (KIP-793, since 3.6; older runtimes have no such renaming support). */
final class OriginalCoordinates {
    private static final boolean KNOWN = has("originalTopic");

    final String topic;
    final int partition;
    final long offset;

    OriginalCoordinates(SinkRecord r) {
        topic = KNOWN ? r.originalTopic() : r.topic();
        partition = KNOWN ? r.originalKafkaPartition() : r.kafkaPartition();
        offset = KNOWN ? r.originalKafkaOffset() : r.kafkaOffset();
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
