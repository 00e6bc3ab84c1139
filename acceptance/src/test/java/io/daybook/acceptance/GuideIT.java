package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the pages of the guide, each with a ledger of its own. */
@ExtendWith(SharedInstallation.class)
class GuideIT {

    private static final Path GUIDE = TestInstallation.HOME.resolve("docs/guide");
    private static final String INDEX = "README.md";

    private final TestInstallation daybook;

    GuideIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(GUIDE)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(INDEX))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everything_on_a_page_works_as_it_says(String page) throws Exception {
        ExecutedDocument document = ExecutedDocument.read(GUIDE.resolve(page));
        assertThat(document.answers()).isPositive();
        document.workAsItSays(daybook);
    }

    @Test
    void the_index_names_every_page() throws IOException {
        String index = Files.readString(GUIDE.resolve(INDEX));
        assertThat(pages()).isNotEmpty().allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
    }
}
