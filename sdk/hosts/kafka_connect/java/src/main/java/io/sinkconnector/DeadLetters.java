package io.sinkconnector;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refused records on their way to Kafka Connect's errant record reporter. The position of a partition passes one only when its dead
 * letter is written: the runtime awaits reports before it calls preCommit, but not those that preCommit itself brings. Task thread.
 */
final class DeadLetters {
    /** A record that the bridge refused itself: the native side does not know it. */
    static final long NO_TICKET = -1;
    private static final Logger LOG = LoggerFactory.getLogger(NativeSinkTask.class);

    private static final class Letter {
        final TopicPartition partition;
        final String where;
        final long offset;
        final long ticket;
        final Future<Void> written;

        Letter(SinkRecord record, long ticket, Future<Void> written) {
            partition = new TopicPartition(OriginalCoordinates.topic(record), OriginalCoordinates.partition(record));
            where = OriginalCoordinates.text(record);
            offset = OriginalCoordinates.offset(record);
            this.ticket = ticket;
            this.written = written;
        }
    }

    private final SinkTaskContext context;
    private final boolean tolerant;
    private final LongConsumer durable;
    private final List<Letter> letters = new ArrayList<>();

    /** tolerant: errors.tolerance=all. durable hears the ticket of every letter that is written, or that nobody waits for any more. */
    DeadLetters(SinkTaskContext context, boolean tolerant, LongConsumer durable) {
        this.context = context;
        this.tolerant = tolerant;
        this.durable = durable;
    }

    /** Reports a record, or throws when refused records are not tolerated. */
    void refuse(SinkRecord record, long ticket, String code, String message) {
        // The class that sink-host writes too; no stack, which would say nothing about the record and only fill the dead letter's headers.
        DataException why = new DataException(code + ": " + message);
        why.setStackTrace(new StackTraceElement[0]);
        ErrantRecordReporter reporter = context.errantRecordReporter(); // null when there is neither a dead letter queue nor errors.log.enable
        if (reporter != null) {
            letters.add(new Letter(record, ticket, reporter.report(record, why))); // throws when errors are not tolerated
        } else if (tolerant) {
            LOG.warn("record {} is dropped: {} (errors.tolerance=all, and neither a dead letter queue nor errors.log.enable is configured)",
                OriginalCoordinates.text(record), why.getMessage());
            if (ticket != NO_TICKET) durable.accept(ticket);
        } else {
            throw new ConnectException("record " + OriginalCoordinates.text(record) + " was rejected and errors.tolerance is none: " + why.getMessage(), why);
        }
    }

    boolean waiting() {
        return !letters.isEmpty();
    }

    /** Passes on what has been written meanwhile; throws when one could not be. */
    void settle() {
        for (Iterator<Letter> i = letters.iterator(); i.hasNext();) {
            Letter l = i.next();
            if (!l.written.isDone() || !ensureWritten(l, 0)) continue; // an interrupted thread is not told what became of it
            i.remove();
            if (l.ticket != NO_TICKET) durable.accept(l.ticket);
        }
    }

    /** As settle, but waits for the writes, at most so long in all. */
    void await(long ms) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        for (Letter l : letters) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !ensureWritten(l, left)) break;
        }
        settle();
    }

    /** How far a partition may be committed that has come to position: a record of the bridge's own refusal holds it back. */
    long committable(TopicPartition partition, long position) {
        long least = position;
        for (Letter l : letters) if (l.ticket == NO_TICKET && l.partition.equals(partition)) least = Math.min(least, l.offset);
        return least;
    }

    /** After the native side closed the partition: its letters may come too late, nobody waits for them. */
    void close(TopicPartition partition) {
        for (Iterator<Letter> i = letters.iterator(); i.hasNext();) {
            Letter l = i.next();
            if (!l.partition.equals(partition)) continue;
            i.remove();
            if (l.ticket != NO_TICKET) durable.accept(l.ticket);
        }
    }

    private static boolean ensureWritten(Letter l, long nanos) {
        try {
            l.written.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | CancellationException e) {
            Throwable cause = e.getCause() != null ? e.getCause() : e;
            throw new ConnectException("the dead letter of record " + l.where + " could not be written: " + cause.getMessage(), cause);
        }
    }
}
