package io.sinkconnector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A task over the scripted native sink (tests/hosts/kafka_connect/scripted_sink.cpp) with partition 0 of "orders" open. */
abstract class NativeSinkTaskFixture {
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final TopicPartition OTHER = new TopicPartition("orders", 1);

    final FakeContext context = new FakeContext();
    final Map<String, String> config = new HashMap<>(Map.of("name", "snap", "native.library.path", Libraries.scripted().toString(), "script.must", "x"));
    final List<SinkRecord> reported = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final List<CompletableFuture<Void>> writes = new ArrayList<>();
    LogCapture logs;
    NativeSinkTask task;

    @BeforeEach
    void captureLogs() {
        logs = new LogCapture();
    }

    @AfterEach
    void stopTask() {
        if (task != null) task.stop();
        logs.close();
    }

    void start(String... extra) {
        for (int i = 0; i < extra.length; i += 2) config.put(extra[i], extra[i + 1]);
        task = new NativeSinkTask();
        task.initialize(context);
        task.start(config);
        open(ORDERS);
    }

    void open(TopicPartition partition) {
        context.assignment.add(partition);
        task.open(List.of(partition));
    }

    void close(TopicPartition partition) {
        task.close(List.of(partition));
        context.assignment.remove(partition);
        context.paused.remove(partition);
    }

    /** A dead letter queue whose writes succeed when the test says so. */
    void withDeadLetterQueue() {
        context.reporter = (record, why) -> {
            reported.add(record);
            reasons.add(why.getMessage());
            writes.add(new CompletableFuture<>());
            return writes.get(writes.size() - 1);
        };
    }

    static SinkRecord record(TopicPartition at, long offset, Object value) {
        return new SinkRecord(at.topic(), at.partition(), null, null, (Schema) null, value, offset, 1L, TimestampType.CREATE_TIME);
    }

    SinkRecord put(long offset, Object value) {
        SinkRecord r = record(ORDERS, offset, value);
        task.put(List.of(r));
        return r;
    }

    void poll() {
        task.put(List.of());
    }

    /** What would be committed of a partition when the runtime has consumed up to there; -1: nothing. */
    long committed(TopicPartition partition, long consumed) {
        OffsetAndMetadata o = task.preCommit(new HashMap<>(Map.of(partition, new OffsetAndMetadata(consumed)))).get(partition);
        return o == null ? -1 : o.offset();
    }
}
