package io.sinkconnector;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task: packs records into one buffer a put, and pulls what has become of earlier ones. Everything runs on the worker's task thread;
 * nothing here waits for the network. put() never blocks, preCommit() never throws (the runtime would rewind the consumer).
 */
public class NativeSinkTask extends SinkTask {
    static final String LIBRARY_FILE_NAME = "native.library.file.name";
    private static final Logger LOG = LoggerFactory.getLogger(NativeSinkTask.class);
    private static final int CHUNK_BYTES = 4 << 20;   // one JNI call carries at most about this much
    private static final int FLUSH_MS = 500;          // preCommit cannot tell a periodic commit from a closing one: short
    private static final long POLL_MS = 200;          // while something is in flight: results are pulled this often

    private final RecordPacker packer = new RecordPacker();
    private final ValueBytes bytes = new ValueBytes();
    private final InFlight inFlight = new InFlight();
    private final Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>(); // since the last preCommit
    private NativeLibrary library;
    private long task;
    private TaskMetrics metrics;
    private boolean tolerant;
    private boolean paused;
    private RuntimeException failed;

    @Override
    public String version() {
        return NativeSinkConnector.ownVersion();
    }

    @Override
    public void start(Map<String, String> config) {
        library = NativeLibrary.open(config, config.get(LIBRARY_FILE_NAME));
        try {
            tolerant = "all".equalsIgnoreCase(config.get("errors.tolerance"));
            String id = library.connector(config.get(HostKeys.CONNECTOR_ID)).id;
            String name = config.getOrDefault("name", "");
            int number = Integer.parseInt(config.getOrDefault(HostKeys.TASK_NUMBER, "0"));
            task = Bridge.createTask(library.handle(), Packed.utf8(id), Packed.utf8(name), number, Packed.utf8(version()), HostKeys.forLibrary(config));
            Bridge.logLevel(task, LogLevels.current(LOG));
            Bridge.startTask(task);
            metrics = TaskMetrics.register(context, name, number);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition p : partitions) Bridge.open(task, Packed.utf8(p.topic()), p.partition());
        // The runtime remembers what was paused across a rebalance and has just paused it again, even when the backlog went with the
        // partitions and everything was resumed while none was assigned: so the new ones are told either way.
        pauseOrResume(partitions);
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (task == 0) return;
        for (TopicPartition p : partitions) {
            Bridge.close(task, Packed.utf8(p.topic()), p.partition());
            inFlight.close(p);
            safe.remove(p);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (failed != null) throw failed;
        for (SinkRecord r : records) {
            pack(r);
            if (packer.bytes() >= CHUNK_BYTES) handOver();
        }
        handOver();
        drain();
    }

    private void pack(SinkRecord r) {
        OriginalCoordinates at = new OriginalCoordinates(r);
        List<RecordPacker.Header> headers = List.of();
        if (r.headers() != null && !r.headers().isEmpty()) {
            headers = new ArrayList<>();
            for (Header h : r.headers()) headers.add(new RecordPacker.Header(Packed.utf8(h.key()), bytes.of(r.topic(), h.schema(), h.value())));
        }
        byte[] key = bytes.of(r.topic(), r.keySchema(), r.key());
        byte[] value = bytes.of(r.topic(), r.valueSchema(), r.value());
        long sequence = inFlight.add(new TopicPartition(at.topic, at.partition), at.offset, r);
        packer.add(sequence, at, r.topic(), r.timestamp(), r.timestampType(), key, value, headers);
    }

    private void handOver() {
        if (packer.count() == 0) return;
        ByteBuffer buffer = packer.finish();
        Bridge.put(task, buffer, buffer.position());
    }

    /** Pulls results; dead letters are reported before their positions count. */
    private void drain() {
        PullResult r = PullResult.of(Bridge.pull(task));
        logLines(r.logLines);
        for (PullResult.DeadLetter d : r.deadLetters) report(d);
        if (!r.deadLetters.isEmpty()) r = settledPull(r);
        for (PullResult.Position p : r.positions) pass(p);
        if (r.status != 0) throw new ConnectException(r.why);
        backPressure(r.backlog);
        metrics.update(task);
        // One-shot, so armed again each time: without it the next put may be a whole commit interval away.
        if (r.held > 0) context.timeout(POLL_MS);
    }

    /** The positions past reported records become visible only after they were settled: one more pull brings them at once. */
    private PullResult settledPull(PullResult before) {
        before.positions.forEach(this::pass);
        PullResult after = PullResult.of(Bridge.pull(task));
        logLines(after.logLines);
        for (PullResult.DeadLetter d : after.deadLetters) report(d);
        return after;
    }

    private void pass(PullResult.Position p) {
        TopicPartition partition = new TopicPartition(p.topic, p.partition);
        inFlight.passed(partition, p.offset);
        safe.put(partition, new OffsetAndMetadata(p.offset));
    }

    private void report(PullResult.DeadLetter d) {
        SinkRecord record = inFlight.find(d.sequence);
        if (record == null) { // its partition was closed meanwhile
            Bridge.settled(task, d.ticket, 1);
            return;
        }
        // The class that sink-host writes too; no stack, which would say nothing about the record and only fill the dead letter's headers.
        DataException why = new DataException(d.code + ": " + d.message);
        why.setStackTrace(new StackTraceElement[0]);
        String where = record.topic() + "-" + record.kafkaPartition() + "@" + record.kafkaOffset();
        ErrantRecordReporter reporter = context.errantRecordReporter(); // null when there is neither a dead letter queue nor errors.log.enable
        if (reporter != null) reporter.report(record, why); // throws when errors are not tolerated; durable before the next commit (KIP-610)
        else if (tolerant) LOG.warn("record {} is dropped, errors.tolerance=all and no dead letter queue is configured: {}", where, why.getMessage());
        else throw new ConnectException("record " + where + " was rejected and errors.tolerance is none: " + why.getMessage(), why);
        Bridge.settled(task, d.ticket, 1);
    }

    private void backPressure(long backlog) {
        if (backlog > 0 == paused) return;
        paused = backlog > 0;
        pauseOrResume(context.assignment());
        LOG.debug("{} {} partitions, {} records wait", paused ? "paused" : "resumed", context.assignment().size(), backlog);
    }

    private void pauseOrResume(Collection<TopicPartition> partitions) {
        TopicPartition[] these = partitions.toArray(new TopicPartition[0]);
        if (paused) context.pause(these);
        else context.resume(these);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> consumed) {
        try {
            Bridge.flush(task, FLUSH_MS);
            drain();
            consumed.forEach((p, o) -> { // past control records, and records that transformations dropped
                if (Bridge.idle(task, Packed.utf8(p.topic()), p.partition()) == 1) safe.put(p, o);
            });
        } catch (RuntimeException e) {
            failed = e; // the next put, which may fail the task, throws it
            context.timeout(0);
            LOG.warn("nothing new is committed this time: {}", e.getMessage());
        }
        Map<TopicPartition, OffsetAndMetadata> out = new HashMap<>(safe);
        safe.clear();
        return out;
    }

    @Override
    public void stop() {
        if (metrics != null) metrics.close();
        metrics = null;
        if (task != 0) {
            Bridge.stopTask(task);
            Bridge.destroyTask(task);
            task = 0;
        }
        if (library != null) library.close();
        library = null;
    }

    private static void logLines(List<PullResult.LogLine> lines) {
        for (PullResult.LogLine l : lines) LogLevels.log(LOG, l.level, l.message);
    }

}
