package io.daybook.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came of a scenario for one subject.
 *
 * @param rates transfers or events a second of each round
 */
record Result(String subject, List<Double> rates, Histogram latencies, Meter.Reading used, long count) {

    /** Adds up rounds. */
    static final class Rounds {
        private final String subject;
        private final List<Double> rates = new ArrayList<>();
        private final Histogram latencies = Measured.histogram();
        private Meter.Reading used = new Meter.Reading(0, 0, 0);
        private long count;

        Rounds(String subject) {
            this.subject = subject;
        }

        void add(Measured round, Meter.Reading usage) {
            rates.add(round.rate());
            latencies.add(round.latencies());
            used = new Meter.Reading(
                    used.jvmSeconds() + usage.jvmSeconds(),
                    used.postgresSeconds() + usage.postgresSeconds(),
                    used.walBytes() + usage.walBytes());
            count += round.count();
        }

        Result result() {
            return new Result(subject, List.copyOf(rates), latencies, used, count);
        }
    }

    /** The median of the rounds' rates, in transfers or events a second. */
    double rate() {
        return median(rates);
    }

    /** The median of this rate by the other's, round by round: what disturbs the machine for a while disturbs both. */
    double ratioTo(Result other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rates.size(); i++) {
            ratios.add(rates.get(i) / other.rates.get(i));
        }
        return median(ratios);
    }

    /** Whether somebody waited for answers. */
    boolean hasLatencies() {
        return latencies.getTotalCount() > 0;
    }

    double latencyMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    double walBytesEach() {
        return (double) used.walBytes() / count;
    }

    /** Of the processor time that both used, the part of this process. */
    double jvmShare() {
        return used.jvmSeconds() / (used.jvmSeconds() + used.postgresSeconds());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
