package io.daybook.bench.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.jfr.Configuration;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** What Java Flight Recorder has seen of Daybook's rounds, and the top of it in a few lines. */
public final class Profile {

    /** A round, as the recording has it. */
    @Name("io.daybook.bench.Round")
    @Label("Round")
    @StackTrace(false)
    static final class Round extends Event {

        @Label("Subject")
        String subject = "";

        @Label("Of Daybook")
        boolean ofDaybook;

        /** A round that begins. It ends when it is committed. */
        public static Round of(Subject subject, boolean ofDaybook) {
            Round round = new Round();
            round.subject = subject.name();
            round.ofDaybook = ofDaybook;
            round.begin();
            return round;
        }
    }

    private record Span(Instant start, Instant end) {

        boolean has(Instant time) {
            return !time.isBefore(start) && !time.isAfter(end);
        }

        Duration duration() {
            return Duration.between(start, end);
        }
    }

    private static final int TOP = 10;
    private static final String OURS = "io.daybook.";
    private static final String BENCH = "io.daybook.bench.";

    private final Map<String, Long> hot = new HashMap<>();
    private final Map<String, Long> ours = new HashMap<>();
    private final Map<String, Long> allocated = new HashMap<>();
    private final Map<String, Long> allocating = new HashMap<>();
    private final List<Span> rounds = new ArrayList<>();
    private Duration pauses = Duration.ZERO;

    private Profile() {}

    public static Recording start() throws Exception {
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.start();
        return recording;
    }

    /** Reads a recording that was written to a file. */
    public static Profile of(Path file) throws IOException {
        Profile profile = new Profile();
        forEach(file, event -> {
            if (event.getEventType().getName().equals("io.daybook.bench.Round") && event.getBoolean("ofDaybook")) {
                profile.rounds.add(new Span(event.getStartTime(), event.getEndTime()));
            }
        });
        forEach(file, event -> {
            if (profile.rounds.stream().anyMatch(round -> round.has(event.getStartTime()))) {
                profile.add(event);
            }
        });
        return profile;
    }

    private static void forEach(Path file, Consumer<RecordedEvent> action) throws IOException {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                action.accept(recording.readEvent());
            }
        }
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> {
                frames(event).stream()
                        .findFirst()
                        .ifPresent(frame -> hot.merge(name(frame.getMethod()), 1L, Long::sum));
                ours(event).ifPresent(method -> ours.merge(method, 1L, Long::sum));
            }
            case "jdk.ObjectAllocationSample" -> {
                long bytes = event.getLong("weight");
                allocated.merge(event.getClass("objectClass").getName(), bytes, Long::sum);
                ours(event).ifPresent(method -> allocating.merge(method, bytes, Long::sum));
            }
            case "jdk.GCPhasePause" -> pauses = pauses.plus(event.getDuration());
            default -> {
                // Of no interest here; the file has it.
            }
        }
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        RecordedStackTrace trace = event.getStackTrace();
        return trace == null ? List.of() : trace.getFrames();
    }

    /** The method of Daybook that is nearest to what happened: what it calls is its doing. */
    private static Optional<String> ours(RecordedEvent event) {
        return frames(event).stream()
                .map(RecordedFrame::getMethod)
                .filter(method -> method.getType().getName().startsWith(OURS)
                        && !method.getType().getName().startsWith(BENCH))
                .map(Profile::name)
                .findFirst();
    }

    private static String name(RecordedMethod method) {
        return method.getType().getName() + "." + method.getName();
    }

    public String text() {
        Duration all = rounds.stream().map(Span::duration).reduce(Duration.ZERO, Duration::plus);
        return String.format(
                        Locale.ROOT,
                        "%nIn Daybook's rounds, clients included, collections paused it for %,d ms of %,d s.%n",
                        pauses.toMillis(),
                        all.toSeconds())
                + top("Hot methods", hot, hot)
                + top("Methods of Daybook, with what they call", ours, hot)
                + top("Allocated, by class", allocated, allocated)
                + top("Allocated, by method of Daybook", allocating, allocated);
    }

    /**
     * @param all what the parts are parts of
     */
    private static String top(String title, Map<String, Long> counts, Map<String, Long> all) {
        double sum = all.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder("\n").append(title).append('\n');
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(TOP)
                .forEach(entry -> text.append(
                        String.format(Locale.ROOT, "%6.1f %%  %s%n", entry.getValue() / sum * 100, entry.getKey())));
        return text.toString();
    }
}
