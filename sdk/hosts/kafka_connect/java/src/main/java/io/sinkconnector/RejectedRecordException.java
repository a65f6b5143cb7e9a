package io.sinkconnector;

import org.apache.kafka.connect.errors.DataException;

/** Why a record became a dead letter. The message begins with the stable code, as in `snap.invalid: 507 Insufficient … (http 200, …)`. */
public final class RejectedRecordException extends DataException {
    private static final long serialVersionUID = 1L;

    RejectedRecordException(String code, String message) {
        super(code + ": " + message);
    }

    /** The stack of the bridge says nothing about the record and would only fill the dead letter's headers. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
