package io.sinkconnector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sinkconnector.snapchat.SnapchatSinkConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that cannot be used: start and validate both name the file and the reason, and what to install. */
class LoadFailureTest {
    @TempDir
    Path folder;

    private void refused(Path library, String... parts) {
        Map<String, String> config = Map.of("name", "x", "native.library.path", library.toString(), "snapchat.pixel.id", "x");
        SnapchatSinkConnector connector = new SnapchatSinkConnector();
        String onStart = assertThrows(ConnectException.class, () -> connector.start(config)).getMessage();
        List<String> onValidate = connector.validate(config).configValues().stream().filter(v -> v.name().equals("native.library.path")).findFirst().orElseThrow().errorMessages();
        assertEquals(List.of(onStart), onValidate);
        assertTrue(onStart.contains(library.toString()), onStart);
        for (String part : parts) assertTrue(onStart.contains(part), onStart);
    }

    /** A copy of the sink's library in which one text of the same length replaces another everywhere. */
    private Path patched(String from, String to) throws IOException {
        String bytes = Files.readString(Libraries.snapchat(), ISO_8859_1);
        assertTrue(bytes.contains(from), from);
        return Files.writeString(folder.resolve("libpatched.so"), bytes.replace(from, to), ISO_8859_1);
    }

    @Test
    void aFileThatIsMissing() {
        refused(folder.resolve("libnone.so"), "does not exist", "native.library.path");
    }

    @Test
    void aFileThatIsNoLibrary() throws IOException {
        refused(Files.writeString(folder.resolve("libtext.so"), "not a library at all"), "it is not a Linux shared library");
    }

    @Test
    void aLibraryOfAnotherArchitecture() throws IOException {
        byte[] bytes = Files.readAllBytes(Libraries.snapchat());
        bytes[18] = (byte) 183; // e_machine
        refused(Files.write(folder.resolve("libarm.so"), bytes), "it was built for aarch64, and this is x86_64");
    }

    @Test
    void aLibraryWithoutTheSymbol() {
        refused(Libraries.built("libfixture_no_symbol.so"), "exports no sink_connector_plugin_v1");
    }

    @Test
    void aLibraryOfAnotherVersionOfTheAbi() {
        refused(Libraries.built("libfixture_version_2.so"), "speaks major version 2 of the ABI, this host version 1");
    }

    @Test
    void aLibraryWithoutTheConnector() {
        refused(Libraries.scripted(), "has no connector io.sinkconnector.snapchat.SnapchatSinkConnector");
    }

    @Test
    void anImageWithoutOpenSsl() throws IOException {
        refused(patched("libssl.so.3", "libssl.so.9"), "libssl.so.9: cannot open shared object file", "install OpenSSL 3");
    }

    @Test
    void anImageWithoutTheCppRuntime() throws IOException {
        refused(patched("libstdc++.so.6", "libstdc++.so.9"), "libstdc++.so.9", "install libstdc++ 6");
    }

    @Test
    void anImageWhoseGlibcIsTooOld() throws IOException {
        refused(patched("GLIBC_2.34", "GLIBC_9.34"), "GLIBC_9.34", "this system's glibc is too old");
    }

    @Test
    void anImageWhoseCppRuntimeIsTooOld() throws IOException {
        refused(patched("GLIBCXX_3.4.2", "GLIBCXX_9.4.2"), "GLIBCXX_9.4.2", "install libstdc++ 6 of GCC 12 or later");
    }

    @Test
    void anImageWithMusl() {
        String reason = "Error loading shared library ld-linux-x86-64.so.2: No such file or directory";
        assertTrue(LoadFailure.explain(Libraries.snapchat(), reason).contains("is not glibc"));
    }

    @Test
    void aTemporaryFolderThatIsMountedNoexec() {
        assertTrue(LoadFailure.explain(Libraries.snapchat(), "failed to map segment from shared object").contains("-Djava.io.tmpdir"));
    }
}
