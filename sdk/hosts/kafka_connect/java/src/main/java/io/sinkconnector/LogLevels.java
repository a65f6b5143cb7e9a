package io.sinkconnector;

import org.slf4j.Logger;

/** sink_connector.h's SCA_LOG_* levels and slf4j's. */
final class LogLevels {
    private static final int DEBUG = 10;
    private static final int INFO = 20;
    private static final int WARN = 30;
    private static final int ERROR = 40;

    private LogLevels() {}

    static int current(Logger log) {
        if (log.isDebugEnabled()) return DEBUG;
        if (log.isInfoEnabled()) return INFO;
        return log.isWarnEnabled() ? WARN : ERROR;
    }

    static void log(Logger log, int level, String message) {
        if (level >= ERROR) log.error(message);
        else if (level >= WARN) log.warn(message);
        else if (level >= INFO) log.info(message);
        else log.debug(message);
    }
}
