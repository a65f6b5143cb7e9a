package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path folder;

    @Test
    void theConfiguredFileBeatsTheEnvironment() throws IOException {
        Path a = Files.createFile(folder.resolve("a.so"));
        Path b = Files.createFile(folder.resolve("b.so"));
        assertEquals(a, NativeLibrary.locate(a.toString(), b.toString(), "c.so"));
        assertEquals(b, NativeLibrary.locate(null, b.toString(), "c.so"));
    }

    @Test
    void aMissingFileIsNamedWithTheKeyThatNamedIt() {
        ConnectException e = assertThrows(ConnectException.class, () -> NativeLibrary.locate("/nowhere/x.so", null, null));
        assertEquals("native library /nowhere/x.so does not exist (named by native.library.path)", e.getMessage());
    }

    @Test
    void nothingConfiguredAndNothingShippedSaysWhatToSet() {
        assertTrue(assertThrows(ConnectException.class, () -> NativeLibrary.locate(null, null, null)).getMessage().contains("native.library.path"));
        assertTrue(assertThrows(ConnectException.class, () -> NativeLibrary.locate(null, null, "nope.so")).getMessage().contains("nope.so"));
    }

    @Test
    void whatLiesInsideTheJarIsExtractedOnce() throws IOException {
        Path copy = NativeLibrary.locate(null, null, "libinside.so");
        assertEquals("what a library inside the jar stands for\n", Files.readString(copy));
        assertEquals(copy, NativeLibrary.locate(null, "", "libinside.so"));
        Files.delete(copy); // by whoever cleans the temporary folder
        assertTrue(Files.exists(NativeLibrary.locate(null, null, "libinside.so")));
    }

    @Test
    void whatLiesBesideTheJarBeatsWhatIsInsideIt() throws Exception {
        Path classes = Path.of(NativeLibrary.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path beside = classes.getParent().resolve("libinside.so");
        Files.writeString(beside, "beside");
        try {
            assertEquals(beside, NativeLibrary.locate(null, null, "libinside.so"));
        } finally {
            Files.delete(beside);
        }
    }
}
