package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README, on an installation of its own, which it starts and stops itself. */
class ReadmeIT {

    @TempDir
    Path folder;

    @Test
    void everything_in_it_works_as_it_says() throws Exception {
        try (TestInstallation daybook = new TestInstallation(folder.resolve("data"))) {
            ExecutedDocument readme = ExecutedDocument.read(TestInstallation.HOME.resolve("README.md"))
                    // This very test is part of it.
                    .without(commands -> commands.contains("./mvnw verify"));
            assertThat(readme.answers()).isGreaterThanOrEqualTo(5);
            readme.workAsItSays(daybook);
        }
    }
}
