package io.daybook.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** The process that holds a build's services, and ends them when the build's process has ended. */
final class SharedServicesHost {

    /** The file that tells where the services are, there as soon as all are ready. */
    static final String FACTS = "services.properties";

    private SharedServicesHost() {}

    /** Arguments: the directory, and the id of the process to outlive. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        ProcessHandle build = ProcessHandle.of(Long.parseLong(arguments[1])).orElseThrow();
        try (Services services = Services.start(directory.resolve("data"), service -> {})) {
            Properties facts = new Properties();
            facts.putAll(services.asProperties());
            Path unfinished = directory.resolve(FACTS + ".unfinished");
            try (var out = Files.newBufferedWriter(unfinished)) {
                facts.store(out, "The services of the build with process id " + build.pid());
            }
            Files.move(unfinished, directory.resolve(FACTS), StandardCopyOption.ATOMIC_MOVE);
            build.onExit().join();
        }
        Binaries.Trees.delete(directory);
    }
}
