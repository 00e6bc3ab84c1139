package io.daybook.services;

import io.daybook.installation.AotCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a server that is a Java process: a small heap, a quick start. */
final class JavaServer {

    private JavaServer() {}

    /**
     * @param target the folder with the server's libraries in {@code lib}
     */
    static List<String> server(Path target, String heap, List<String> options, String classPath, String mainClass) {
        List<String> all = new ArrayList<>(AotCache.options(target));
        all.addAll(options);
        return command(heap, all, classPath, mainClass);
    }

    static List<String> command(String heap, List<String> options, String classPath, String mainClass) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        return command;
    }
}
