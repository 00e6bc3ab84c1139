package io.daybook.projections.posting;

import io.daybook.projections.posting.SimulatedFeed.Node;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is published and what goes wrong, and when, as it follows from a seed. */
final class FaultSchedule {

    private static final List<String> LEDGERS = List.of("acme", "bank", "cafe", "dune", "echo", "fern", "gold");
    private static final int MOST_PARTITIONS = 8;
    private static final int MOST_STEPS = 12;
    private static final int MOST_EVENTS = 4;
    private static final int MOST_REPUBLISHED = 6;
    private static final int MOST_FAILURES = 3;
    private static final int LONG_HISTORY = 12;

    /** In the times of a processor: an event later, before it tries again, when it looks for claims, when claims end. */
    private static final List<Duration> WAITS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(50),
            Duration.ofMillis(700),
            Duration.ofSeconds(3),
            Duration.ofSeconds(12),
            Duration.ofSeconds(40));

    private final Simulation simulation;
    private final SplittableRandom random;
    private final SimulatedFeed feed;
    private final int nodes;

    FaultSchedule(Simulation simulation, JdbcTemplate books) {
        this.simulation = simulation;
        this.random = simulation.random();
        int segments = Math.max(1, random.nextInt(5) - 1);
        this.nodes = 1 + random.nextInt(2);
        this.feed = new SimulatedFeed(
                simulation,
                books,
                1 + random.nextInt(MOST_PARTITIONS),
                segments,
                random.nextBoolean()
                        ? new SimulatedStore.ByItself(simulation)
                        : new SimulatedStore.InTheBooks(simulation, books));
        simulation.note("%d partitions, %d segments, %d nodes", feed.topic().partitions(), segments, nodes);
    }

    /**
     * In the end nothing goes wrong any more, and nothing happens by which what is left undone would be noticed.
     *
     * @return what is wrong then
     */
    List<String> faults() {
        try {
            for (int i = random.nextInt(3) * random.nextInt(LONG_HISTORY); i > 0; i--) {
                feed.publish(ledger());
            }
            for (int i = 0; i < nodes; i++) {
                feed.addNode();
            }
            for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0; steps--) {
                simulation.run(time());
                step();
            }
            if (feed.nodes().stream().noneMatch(Node::isUp)) {
                node().start();
            }
            simulation.note("nothing else happens");
            feed.tokens().recover();
            return feed.settled();
        } finally {
            feed.stop();
        }
    }

    private Duration time() {
        return simulation.upTo(WAITS.get(random.nextInt(WAITS.size())));
    }

    private String ledger() {
        return LEDGERS.get(random.nextInt(LEDGERS.size()));
    }

    private Node node() {
        return feed.nodes().get(random.nextInt(nodes));
    }

    private void step() {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> publish();
            case 3 -> feed.republish(1 + random.nextInt(MOST_REPUBLISHED));
            case 4 -> feed.recreateTopic();
            case 5 -> publishStrange();
            case 6, 7, 8 -> nodeFails();
            default -> {
                storesFail();
                if (random.nextBoolean()) {
                    publish();
                }
            }
        }
    }

    private void publish() {
        for (int i = 1 + random.nextInt(MOST_EVENTS); i > 0; i--) {
            feed.publish(ledger());
        }
    }

    private void publishStrange() {
        switch (random.nextInt(4)) {
            case 0 -> feed.publishUnreadable(ledger());
            case 1 -> feed.publishRefused(ledger());
            case 2 -> feed.refuseOnce(ledger());
            default -> feed.topic().appendStrange(random.nextInt(feed.topic().partitions()));
        }
    }

    private void nodeFails() {
        Node node = node();
        switch (random.nextInt(4)) {
            case 0 -> node.halt(time());
            case 1 -> node.kill();
            default -> {
                node.kill();
                simulation.run(time());
            }
        }
        Node other = node();
        if (!other.isUp()) {
            other.start();
        }
    }

    private void storesFail() {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> {
                Duration time = time();
                simulation.note("the store is away for %s", time);
                feed.store().goAway(time);
            }
            case 3 -> {
                Duration time = time();
                simulation.note("the token store is away for %s", time);
                feed.tokens().goAway(time);
            }
            case 4 -> {
                Duration time = time();
                simulation.note("Kafka is away for %s", time);
                feed.topic().goAway(time);
            }
            case 5 -> feed.store().fail(1 + random.nextInt(MOST_FAILURES));
            case 6 -> feed.store().loseAnswers(1 + random.nextInt(MOST_FAILURES));
            case 7 -> feed.tokens().fail(1 + random.nextInt(MOST_FAILURES));
            case 8 -> feed.tokens().failCommits(1 + random.nextInt(MOST_FAILURES));
            case 9 -> feed.tokens().loseCommits(1 + random.nextInt(MOST_FAILURES));
            case 10, 11 -> feed.tokens().failReleases(1 + random.nextInt(MOST_FAILURES));
            default -> feed.store().slowDown(time(), time());
        }
    }
}
