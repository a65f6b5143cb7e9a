package io.sinkconnector;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Records through NativeSinkTask.put, as a worker would call it. usage: BridgeBench LIBRARY RECORDS; prints nanoseconds a record: the
 * median of rounds, in processor time of the task's thread, so that what else runs on the machine does not count.
 */
final class BridgeBench {
    private static final int BATCH = 500;
    private static final int PARTITIONS = 4;
    private static final int ROUNDS = 20;

    public static void main(String[] args) {
        int perRound = Integer.parseInt(args[1]) / ROUNDS / BATCH * BATCH;
        NativeSinkTask task = new NativeSinkTask();
        Set<TopicPartition> all = new HashSet<>();
        for (int p = 0; p < PARTITIONS; p++) all.add(new TopicPartition("orders", p));
        task.initialize(new Context(all));
        task.start(Map.of("name", "bench", "native.library.path", args[0]));
        task.open(all);
        double[] took = new double[ROUNDS];
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int round = -5; round < ROUNDS; round++) { // the first five warm the compiler up
            List<List<SinkRecord>> puts = records((round + 5) * perRound, perRound); // the worker makes them: not the bridge's cost
            long begin = threads.getCurrentThreadCpuTime();
            for (List<SinkRecord> records : puts) task.put(records);
            if (round >= 0) took[round] = (double) (threads.getCurrentThreadCpuTime() - begin) / perRound;
            task.preCommit(Collections.emptyMap());
        }
        Arrays.sort(took);
        System.out.printf("%.1f%n", took[ROUNDS / 2]);
        task.close(all);
        task.stop();
    }

    /** As a consumer gives them: partition after partition within a poll. */
    private static List<List<SinkRecord>> records(int from, int count) {
        byte[] value = new byte[810];
        List<List<SinkRecord>> out = new ArrayList<>();
        long offset = from / PARTITIONS;
        for (int at = 0; at < count; at += BATCH, offset += BATCH / PARTITIONS) {
            List<SinkRecord> records = new ArrayList<>(BATCH);
            for (int p = 0; p < PARTITIONS; p++) {
                for (int i = 0; i < BATCH / PARTITIONS; i++)
                    records.add(new SinkRecord("orders", p, null, null, null, value, offset + i, 1L, TimestampType.CREATE_TIME));
            }
            out.add(records);
        }
        return out;
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
