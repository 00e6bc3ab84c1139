package io.daybook.projections.feed;

import io.daybook.projections.feed.SimulatedFeed.Node;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is published and what goes wrong, and when, as it follows from a seed. */
final class FaultSchedule {

    private static final List<String> LEDGERS = List.of("acme", "bank", "cafe", "dune", "echo", "fern", "gold");
    private static final int MOST_PARTITIONS = 5;
    private static final int MOST_STEPS = 12;
    private static final int MOST_EVENTS = 4;
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
            feed.nodes().get(random.nextInt(nodes)).start();
        }
        simulation.note("nothing else happens");
        feed.tokens().recover();
        List<String> faults = feed.settled();
        feed.stop();
        return faults;
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
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4 -> publish();
            case 5, 6 -> {
                Duration time = time();
                simulation.note("the store is away for %s", time);
                feed.store().goAway(time);
                if (random.nextBoolean()) {
                    publish();
                }
            }
            case 7 -> {
                Duration time = time();
                simulation.note("the token store is away for %s", time);
                feed.tokens().goAway(time);
            }
            case 8 -> {
                Duration time = time();
                simulation.note("Kafka is away for %s", time);
                feed.topic().goAway(time);
            }
            case 9 -> feed.store().fail(1 + random.nextInt(3));
            case 10 -> feed.store().loseAnswers(1 + random.nextInt(2));
            case 11 -> feed.tokens().fail(1 + random.nextInt(4));
            case 12 -> feed.tokens().failCommits(1 + random.nextInt(2));
            case 13 -> feed.tokens().loseCommits(1 + random.nextInt(2));
            case 14 -> feed.store().slowDown(Duration.ofSeconds(30), time());
            case 15 -> node().halt(time());
            case 16, 17 -> {
                Node node = node();
                node.kill();
                if (random.nextBoolean()) {
                    simulation.run(time());
                    node.start();
                }
            }
            case 18 -> {
                Node node = node();
                if (!node.isUp()) {
                    node.start();
                }
            }
            case 19 -> {
                switch (random.nextInt(4)) {
                    case 0 -> feed.publishUnreadable(ledger());
                    case 1 -> feed.publishRefused(ledger());
                    case 2 -> feed.refuseOnce(ledger());
                    default ->
                        feed.topic().appendStrange(random.nextInt(feed.topic().partitions()));
                }
            }
            case 20 -> feed.republish(1 + random.nextInt(6));
            default -> feed.recreateTopic();
        }
    }

    private void publish() {
        for (int i = 1 + random.nextInt(MOST_EVENTS); i > 0; i--) {
            feed.publish(ledger());
        }
    }
}
