package io.sinkconnector;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
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
    private static final int CHUNK_BYTES = 4 << 20;    // one JNI call carries at most about this much
    private static final int FLUSH_MS = 500;           // preCommit cannot tell a periodic commit from a closing one: short
    private static final int DEAD_LETTERS_MS = 500;    // the same for dead letters that only preCommit brought
    private static final long BUSY_MS = 200;           // while something is in flight: results are pulled this often
    private static final long IDLE_MS = 1000;          // otherwise: for the sink's health, its log lines and metrics

    private final RecordPacker packer = new RecordPacker();
    private final ValueBytes bytes = new ValueBytes();
    private final Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>(); // since the last preCommit
    private final InFlight inFlight = new InFlight(safe::remove);
    private NativeLibrary library;
    private long task;
    private int logLevel;
    private TaskMetrics metrics;
    private DeadLetters deadLetters;
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
            String id = library.connector(config.get(HostKeys.CONNECTOR_ID)).id;
            String name = config.getOrDefault("name", "");
            int number = Integer.parseInt(config.getOrDefault(HostKeys.TASK_NUMBER, "0"));
            logLevel = LogLevels.current(LOG);
            task = Bridge.createTask(library.handle(), Packed.utf8(id), Packed.utf8(name), number, Packed.utf8(version()), logLevel,
                HostKeys.forLibrary(config));
            deadLetters = new DeadLetters(context, "all".equalsIgnoreCase(config.get("errors.tolerance")), ticket -> Bridge.settled(task, ticket, 1));
            metrics = TaskMetrics.register(context, name, number);
            Bridge.startTask(task);
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
            deadLetters.close(p);
            safe.remove(p);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (failed != null) throw failed;
        int level = LogLevels.current(LOG); // PUT /admin/loggers changes it while the task runs
        if (level != logLevel) Bridge.logLevel(task, logLevel = level);
        for (SinkRecord r : records) {
            pack(r);
            if (packer.bytes() >= CHUNK_BYTES) handOver();
        }
        handOver();
        drain();
    }

    private void pack(SinkRecord r) {
        byte[] key;
        byte[] value;
        List<RecordPacker.Header> headers = List.of();
        try {
            key = bytes.of(r.topic(), r.keySchema(), r.key());
            value = bytes.of(r.topic(), r.valueSchema(), r.value());
            if (r.headers() != null && !r.headers().isEmpty()) {
                headers = new ArrayList<>();
                for (Header h : r.headers()) headers.add(new RecordPacker.Header(Packed.utf8(h.key()), bytes.of(r.topic(), h.schema(), h.value())));
            }
        } catch (RuntimeException e) { // one bad record takes neither its batch nor its task down
            metrics.refused(ValueBytes.NOT_CONVERTIBLE);
            deadLetters.refuse(r, DeadLetters.NO_TICKET, ValueBytes.NOT_CONVERTIBLE, "a key, value or header has no JSON form: " + e.getMessage());
            return;
        }
        packer.add(inFlight.add(r), r, key, value, headers);
    }

    private void handOver() {
        if (packer.count() == 0) return;
        ByteBuffer buffer = packer.finish();
        Bridge.put(task, buffer, buffer.position());
    }

    /** Pulls what has happened, and asks the runtime to come back soon. */
    private void drain() {
        PullResult r = pull();
        if (!r.deadLetters.isEmpty() || deadLetters.waiting()) {
            deadLetters.settle();
            r = pull(); // the positions past written dead letters show only now
        }
        if (r.status != 0) throw new ConnectException(r.why);
        backPressure(r.backlog);
        metrics.update(task);
        // One-shot, so armed again each time: without it the next put may be a whole commit interval away.
        context.timeout(r.held > 0 || deadLetters.waiting() ? BUSY_MS : IDLE_MS);
    }

    private PullResult pull() {
        PullResult r = PullResult.of(Bridge.pull(task));
        logLines(r.logLines);
        for (PullResult.DeadLetter d : r.deadLetters) report(d);
        for (PullResult.Position p : r.positions) {
            TopicPartition partition = new TopicPartition(p.topic, p.partition);
            inFlight.passed(partition, p.offset);
            safe.put(partition, new OffsetAndMetadata(p.offset));
        }
        return r;
    }

    private void report(PullResult.DeadLetter d) {
        SinkRecord record = inFlight.find(d.sequence);
        if (record != null) deadLetters.refuse(record, d.ticket, d.code, d.message);
        else Bridge.settled(task, d.ticket, 1); // its partition was closed or went back meanwhile
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
            if (deadLetters.waiting()) {
                deadLetters.await(DEAD_LETTERS_MS);
                drain();
            }
            consumed.forEach((p, o) -> { // past control records, and records that transformations dropped
                if (Bridge.idle(task, Packed.utf8(p.topic()), p.partition()) == 1) safe.put(p, o);
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            // Thrown by the next put, which may fail the task. From here the runtime would rewind the consumer and go on.
            if (failed == null) failed = e instanceof RuntimeException ? (RuntimeException) e : new ConnectException(e);
            context.timeout(1);
            LOG.warn("nothing new is committed this time: {}", e.getMessage());
        }
        return takeSafe();
    }

    private Map<TopicPartition, OffsetAndMetadata> takeSafe() {
        Map<TopicPartition, OffsetAndMetadata> out = new HashMap<>();
        for (Iterator<Map.Entry<TopicPartition, OffsetAndMetadata>> i = safe.entrySet().iterator(); i.hasNext();) {
            Map.Entry<TopicPartition, OffsetAndMetadata> e = i.next();
            long offset = deadLetters.committable(e.getKey(), e.getValue().offset());
            out.put(e.getKey(), offset == e.getValue().offset() ? e.getValue() : new OffsetAndMetadata(offset));
            if (offset == e.getValue().offset()) i.remove(); // else the rest follows once the dead letter is written
        }
        return out;
    }

    @Override
    public void stop() {
        if (metrics != null) metrics.close();
        metrics = null;
        if (task != 0) {
            Bridge.stopTask(task);
            try {
                logLines(PullResult.of(Bridge.pull(task)).logLines); // its last words
            } finally {
                Bridge.destroyTask(task);
                task = 0;
            }
        }
        if (library != null) library.close();
        library = null;
    }

    private static void logLines(List<PullResult.LogLine> lines) {
        for (PullResult.LogLine l : lines) LogLevels.log(LOG, l.level, l.message);
    }
}
