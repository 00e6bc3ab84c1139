package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.installation.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the build made so that programs start sooner is what they start with. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(SharedInstallation.class)
class AotCacheIT {

    private final TestInstallation daybook;

    AotCacheIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    @Test
    void every_program_of_an_installation_starts_with_its_cache() throws Exception {
        Installation facts = daybook.facts();
        assertThat(filesOf(facts.pid())).contains("infra/standalone/target/daybook.aot");
        for (Installation.Part part : facts.parts()) {
            if (part.name().equals("kafka") || part.name().equals("elasticsearch")) {
                assertThat(filesOf(part.pid())).contains(part.name() + "/target/daybook.aot");
            }
        }
    }

    @Test
    void the_command_line_starts_with_its_cache() throws Exception {
        TestInstallation.Running tail = daybook.start("events", "tail");
        try {
            // The shell becomes the JVM.
            await().untilAsserted(
                            () -> assertThat(filesOf(tail.process().pid())).contains("cli/target/daybook.aot"));
        } finally {
            tail.process().destroy();
            tail.process().waitFor();
        }
    }

    /** The files that a process has in its memory. */
    private static String filesOf(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "maps"));
    }
}
