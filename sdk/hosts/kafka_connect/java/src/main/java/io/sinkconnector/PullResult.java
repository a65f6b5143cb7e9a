package io.sinkconnector;

import java.util.List;

/** What Bridge.pull brings. */
final class PullResult {
    final int status;
    final String why;
    final long backlog;
    final long held;
    final List<Position> positions;
    final List<DeadLetter> deadLetters;
    final List<LogLine> logLines;

    private PullResult(Packed in) {
        status = in.number32();
        why = in.text();
        backlog = in.number64();
        held = in.number64();
        positions = in.list(Position::new);
        deadLetters = in.list(DeadLetter::new);
        logLines = in.list(LogLine::new);
    }

    static PullResult of(byte[] bytes) {
        return Packed.read(bytes, PullResult::new);
    }

    /** offset: the next one to read. */
    static final class Position {
        final String topic;
        final int partition;
        final long offset;

        Position(Packed in) {
            topic = in.text();
            partition = in.number32();
            offset = in.number64();
        }
    }

    static final class DeadLetter {
        final long ticket;
        final long sequence;
        final int stage;
        final String code;
        final String message;

        DeadLetter(Packed in) {
            ticket = in.number64();
            sequence = in.number64();
            stage = in.number32();
            code = in.text();
            message = in.text();
        }
    }

    static final class LogLine {
        final int level;
        final String message;

        LogLine(Packed in) {
            level = in.number32();
            message = in.text();
        }
    }
}
