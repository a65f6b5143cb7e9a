package io.sinkconnector;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Adds to the dynamic loader's own words what is really missing, and what a person can do about it. */
final class LoadFailure {
    private static final int ELF_MAGIC = 0x464c457f; // 0x7f "ELF", little-endian
    private static final int HEADER = 20;
    private static final Map<Integer, String> MACHINES = Map.of(3, "i386", 40, "arm", 62, "x86_64", 183, "aarch64", 243, "riscv64", 22, "s390x", 21, "ppc64");
    private static final Map<String, String> JAVA_NAMES = Map.of("amd64", "x86_64", "x86", "i386");

    private LoadFailure() {}

    /** file: the one that a person knows, not a copy of it. reason: what the loader said; may be null. */
    static String explain(Path file, String reason) {
        String text = "native library " + file + " cannot be used: " + reason;
        String advice = advice(file, reason == null ? "" : reason);
        return advice.isEmpty() ? text : text + " - " + advice;
    }

    private static String advice(Path file, String reason) {
        String kind = kind(file);
        if (!kind.isEmpty()) return kind;
        if (reason.contains("GLIBC_")) return "this system's glibc is too old for the library: take an image with a newer one, or build the library on this one's base";
        if (reason.contains("GLIBCXX_") || reason.contains("CXXABI_") || reason.contains("libstdc++") || reason.contains("libgcc_s"))
            return "install libstdc++ 6 of GCC 12 or later (libstdc++6, libstdc++)";
        if (reason.contains("libssl") || reason.contains("libcrypto") || reason.contains("OPENSSL_")) return "install OpenSSL 3 (libssl3, openssl-libs)";
        if (reason.contains("ld-linux") || reason.contains("libc.so.6") || reason.contains("symbol not found") || reason.contains("Error relocating"))
            return "this system's C library is not glibc (Alpine has musl): take an image with glibc";
        if (reason.contains("failed to map segment") || reason.contains("Operation not permitted"))
            return "is " + System.getProperty("java.io.tmpdir") + " mounted noexec? set -Djava.io.tmpdir";
        if (reason.contains("cannot open shared object file")) return "install the library that is named";
        return "";
    }

    /** What is wrong with the file itself; empty: it is a library for this machine. The loader says "no such file" of a foreign one. */
    private static String kind(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(HEADER);
        } catch (IOException e) {
            return "it cannot be read: " + e.getMessage();
        }
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER || head.getInt(0) != ELF_MAGIC) return "it is not a Linux shared library";
        if (bytes[5] == 2) head.order(ByteOrder.BIG_ENDIAN);
        String machine = MACHINES.getOrDefault((int) head.getShort(18), "machine " + head.getShort(18));
        return machine.equals(machine()) ? "" : "it was built for " + machine + ", and this is " + machine();
    }

    /** This machine, by the name that Linux has for it. */
    static String machine() {
        String java = System.getProperty("os.arch");
        return JAVA_NAMES.getOrDefault(java, java);
    }
}
