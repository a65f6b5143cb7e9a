package io.sinkconnector.snapchat;

import io.sinkconnector.NativeSinkConnector;

/** Conversion events to Snapchat, by libsnapchat_sink.so that lies beside this jar. */
public final class SnapchatSinkConnector extends NativeSinkConnector {
    @Override
    protected String libraryFileName() {
        return "libsnapchat_sink.so";
    }

    @Override
    protected String connectorId() {
        return "io.sinkconnector.snapchat.SnapchatSinkConnector";
    }
}
