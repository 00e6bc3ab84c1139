package io.daybook.cli.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.installation.Installation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class StatusCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    private int run(AnsweringServer server, String... options) {
        ProcessHandle self = ProcessHandle.current();
        new Installation(
                        self.pid(),
                        self.info().startInstant().orElseThrow(),
                        server.uri().getPort(),
                        true,
                        Set.of(),
                        List.of())
                .write(folder);
        return new CommandLine(new StatusCommand())
                .setOut(new PrintWriter(printed))
                .execute(Stream.concat(Stream.of(options), Stream.of("--data", folder.toString()))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "running, 0, 0, 0, running",
        "running, 0, null, 0, running",
        "replaying, 0, 0, 0, running",
        "running, 1, 0, 1, degraded",
        "incomplete, 0, 3, 1, degraded",
        "stopped, 0, 0, 1, degraded",
        "starting, 0, 0, 1, degraded"
    })
    void all_is_well_while_every_projection_is_at_work_and_nothing_is_parked_or_incomplete(
            String projection, int parked, String incomplete, int status, String told) {
        try (AnsweringServer server =
                new AnsweringServer().answersJson("""
                {"data": [{"name": "books", "state": "%s", "lagEvents": 0, "lagMillis": 0, "parked": %d,
                           "incomplete": %s}]}
                """.formatted(projection, parked, incomplete))) {
            assertThat(run(server, "--json")).isEqualTo(status);
        }
        assertThat(printed.toString()).contains("\"state\" : \"" + told + "\"");
    }

    @Test
    void a_rebuild_after_an_upgrade_is_told() {
        try (AnsweringServer server = new AnsweringServer().answersJson("""
                {"data": [{"name": "audit", "state": "replaying", "lagEvents": 0, "lagMillis": 0, "parked": 0,
                           "rebuild": {"state": "running", "from": 1, "to": 2, "events": 5000, "behind": 1234}}]}
                """)) {
            assertThat(run(server)).isZero();
        }
        assertThat(printed.toString())
                .contains(
                        "rebuilding: audit is in format 1, and its rebuild in format 2 goes on beside it, 1,234 of 5,000");
    }

    @Test
    void what_is_not_up_is_told() {
        assertThat(new CommandLine(new StatusCommand())
                        .setOut(new PrintWriter(printed))
                        .execute("--data", folder.toString()))
                .isEqualTo(1);
        assertThat(printed.toString()).contains("Daybook is not up in " + folder.toAbsolutePath());
    }
}
