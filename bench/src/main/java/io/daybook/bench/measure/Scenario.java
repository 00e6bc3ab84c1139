package io.daybook.bench.measure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured, and who takes part. */
public interface Scenario {

    /** Makes a subject ready on services of its own. */
    @FunctionalInterface
    interface Maker {
        Subject make(Map<String, String> services) throws Exception;
    }

    /** What it is called, on the command line too. */
    String name();

    /** What is done, and its measures, in sentences. */
    String description();

    /** What is counted, in the plural. */
    String unit();

    /** What is measured of it. */
    default String measure() {
        return unit() + "/s";
    }

    /** What was measured in a round. */
    default double value(Measured round) {
        return round.rate();
    }

    /** Daybook first, then what it is compared with. */
    List<Maker> subjects();

    /** About how long it takes to make a subject ready: for the time that is told to be left. */
    default Duration preparation() {
        return Duration.ofSeconds(5);
    }

    /**
     * About how long a round takes: for the time that is told to be left.
     *
     * @param wanted how long it should take, where that can be chosen
     */
    default Duration round(Duration wanted) {
        return wanted;
    }

    /** In a sentence, what the table of the results does not tell. */
    default Optional<String> finding(List<Result> results) {
        return Optional.empty();
    }
}
