package io.daybook.acceptance;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model test on an installation that nothing happens to. */
@ExtendWith(SharedInstallation.class)
class ModelIT {

    private final TestInstallation daybook;

    ModelIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    @Test
    void every_answer_and_the_books_are_those_of_the_reference() throws Exception {
        Model.undisturbed(daybook, 1).compareWithReference(1);
    }

    @Tag("nightly")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {2, 3, 4, 5, 6})
    void so_they_are_with_other_seeds(long seed) throws Exception {
        Model.undisturbed(daybook, seed).compareWithReference(seed);
    }
}
