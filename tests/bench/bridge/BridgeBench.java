package io.sinkconnector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Records through NativeSinkTask.put, as a worker would call it. usage: BridgeBench LIBRARY RECORDS; prints nanoseconds a record. */
final class BridgeBench {
    private static final int BATCH = 500;
    private static final int PARTITIONS = 4;

    public static void main(String[] args) {
        int total = Integer.parseInt(args[1]);
        NativeSinkTask task = new NativeSinkTask();
        Set<TopicPartition> all = new HashSet<>();
        for (int p = 0; p < PARTITIONS; p++) all.add(new TopicPartition("orders", p));
        task.initialize(new Context(all));
        task.start(Map.of("name", "bench", "native.library.path", args[0]));
        task.open(all);
        run(task, 0, total / 4); // warms the compiler up
        long begin = System.nanoTime();
        run(task, total / 4, total / 4 + total);
        System.out.printf("%.1f%n", (double) (System.nanoTime() - begin) / total);
        task.close(all);
        task.stop();
    }

    private static void run(NativeSinkTask task, int from, int to) {
        byte[] value = new byte[810];
        for (int at = from; at < to; at += BATCH) {
            List<SinkRecord> records = new ArrayList<>(BATCH);
            for (int i = at; i < at + BATCH; i++) records.add(new SinkRecord("orders", i % PARTITIONS, null, null, null, value, i / PARTITIONS, 1L, TimestampType.CREATE_TIME));
            task.put(records);
            if (at % (BATCH * 100) == 0) task.preCommit(Collections.emptyMap());
        }
    }

    private static final class Context implements SinkTaskContext {
        private final Set<TopicPartition> all;

        Context(Set<TopicPartition> all) {
            this.all = all;
        }

        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {}

        @Override
        public void offset(TopicPartition tp, long offset) {}

        @Override
        public void timeout(long timeoutMs) {}

        @Override
        public Set<TopicPartition> assignment() {
            return all;
        }

        @Override
        public void pause(TopicPartition... partitions) {}

        @Override
        public void resume(TopicPartition... partitions) {}

        @Override
        public void requestCommit() {}
    }
}
