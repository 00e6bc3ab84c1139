package io.daybook.bench.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario for one subject.
 *
 * @param values what was measured in each round, such as transfers a second
 * @param latencies of all rounds, or null if nobody waited for answers
 * @param used in all rounds together
 * @param count how many transfers or events there were in all rounds
 */
public record Result(
        String subject, List<Double> values, @Nullable Latencies latencies, Meter.Reading used, long count) {

    /**
     * How long answers took.
     *
     * @param count how many there were
     */
    public record Latencies(long count, double p50Millis, double p99Millis, double p999Millis) {

        private static final double NANOS_A_MILLI = 1e6;

        static @Nullable Latencies of(Histogram histogram) {
            return histogram.getTotalCount() == 0
                    ? null
                    : new Latencies(
                            histogram.getTotalCount(),
                            histogram.getValueAtPercentile(50) / NANOS_A_MILLI,
                            histogram.getValueAtPercentile(99) / NANOS_A_MILLI,
                            histogram.getValueAtPercentile(99.9) / NANOS_A_MILLI);
        }
    }

    /** Adds up rounds. */
    static final class Rounds {
        private final String subject;
        private final List<Double> values = new ArrayList<>();
        private final Histogram latencies = Measured.histogram();
        private Meter.Reading used = Meter.Reading.NOTHING;
        private long count;

        Rounds(String subject) {
            this.subject = subject;
        }

        void add(double value, Measured round, Meter.Reading usage) {
            values.add(value);
            latencies.add(round.latencies());
            used = used.plus(usage);
            count += round.count();
        }

        Result result() {
            return new Result(subject, List.copyOf(values), Latencies.of(latencies), used, count);
        }
    }

    /** The median of the rounds. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double value() {
        return median(values);
    }

    /** The median of this by the other's, round by round: what disturbs the machine for a while disturbs both. */
    public double ratioTo(Result other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return median(ratios);
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double walBytesEach() {
        return (double) used.walBytes() / count;
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double fileBytesEach() {
        return (double) used.fileBytes() / count;
    }

    /** Which part of all processors' time this process used. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double jvmShare() {
        return used.jvmSeconds() / used.processorSeconds();
    }

    /** Which part of all processors' time the PostgreSQL servers used. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double postgresShare() {
        return used.postgresSeconds() / used.processorSeconds();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
