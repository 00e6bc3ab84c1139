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
        return command(heap, AotCache.options(target), options, classPath, mainClass);
    }

    /** A program that is among the server's libraries, and is over soon. */
    static List<String> tool(Path target, String heap, List<String> options, String classPath, String mainClass) {
        return command(heap, AotCache.optionsOfAnother(target), options, classPath, mainClass);
    }

    private static List<String> command(
            String heap, List<String> cache, List<String> options, String classPath, String mainClass) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(cache);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        return command;
    }
}
