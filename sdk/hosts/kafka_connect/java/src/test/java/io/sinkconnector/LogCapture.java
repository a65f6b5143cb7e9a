package io.sinkconnector;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.log4j.AppenderSkeleton;
import org.apache.log4j.Level;
import org.apache.log4j.Logger;
import org.apache.log4j.spi.LoggingEvent;

/** What the task logs, as "LEVEL text". */
final class LogCapture extends AppenderSkeleton implements AutoCloseable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(NativeSinkTask.class);

    LogCapture() {
        logger.addAppender(this);
        level(Level.INFO);
    }

    void level(Level level) {
        logger.setLevel(level);
    }

    boolean has(String part) {
        return lines.stream().anyMatch(l -> l.contains(part));
    }

    @Override
    protected void append(LoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getRenderedMessage());
    }

    @Override
    public boolean requiresLayout() {
        return false;
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        logger.setLevel(null);
    }
}
