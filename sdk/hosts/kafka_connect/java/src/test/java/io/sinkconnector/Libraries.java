package io.sinkconnector;

import java.nio.file.Files;
import java.nio.file.Path;

/** The native libraries that CMake built for these tests; libsca_jni.so lies beside the classes, where it is beside the jar in production. */
final class Libraries {
    private Libraries() {}

    static Path scripted() {
        return built("libscripted_sink.so");
    }

    static Path snapchat() {
        return built("libsnapchat_sink.so");
    }

    static Path built(String name) {
        String folder = System.getProperty("sink.test.libraries");
        if (folder == null) throw new AssertionError("run these tests through CTest, or give -Dsink.test.libraries=BUILD_DIR/java-tests/native");
        Path file = Path.of(folder, name);
        if (!Files.isRegularFile(file)) throw new AssertionError(file + " was not built");
        return file;
    }
}
