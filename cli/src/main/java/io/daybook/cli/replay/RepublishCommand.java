package io.daybook.cli.replay;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.OnlyLedgerOption;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code daybook republish}. */
@Command(
        name = "republish",
        description = {
            "Fill the topic of events again from the event store: after it was lost or deleted, or when 'daybook verify' finds"
                    + " it damaged.",
            "It is emptied first and then has every event in its order. Commands are taken all the while; what they record is"
                    + " published after that. Whoever has read the events before recognises them.",
            "With --ledger, only the partition of the topic that has this ledger, and others with it.",
            "It is done by the application: if this is interrupted, that goes on, and goes on again after it was killed."
        })
public final class RepublishCommand implements Callable<Integer> {

    private static final String REPUBLICATIONS = "/v1/operations/republications";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OnlyLedgerOption only;

    @Option(
            names = "--force",
            description = "Even if Kafka has events that the event store has not. They are lost then.")
    private boolean force;

    /** What is asked for, and what becomes of it. */
    private record Republication(
            String id,
            ReplayState state,
            long events,
            long behind,
            @Nullable String detail) {

        static Republication of(JsonNode republication) {
            return new Republication(
                    republication.path("id").asString(),
                    ReplayState.of(republication.path("state")),
                    republication.path("events").asLong(),
                    republication.path("behind").asLong(),
                    ReplayPart.text(republication.path("detail")));
        }

        long done() {
            return events - behind;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaybookClient client = server.connect()) {
            Republication done = watch(client, ask(client));
            spec.commandLine()
                    .getOut()
                    .println(Objects.requireNonNullElse(
                            done.detail(), done.state().label()));
            spec.commandLine().getOut().flush();
            return done.state() == ReplayState.DONE ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    /** If it is under way already, it is watched. */
    private Republication ask(DaybookClient client) {
        LedgerId ledger = only.ledger();
        ObjectNode body = JsonMapper.shared().createObjectNode().put("force", force);
        if (ledger != null) {
            body.put("ledger", ledger.value());
        }
        try {
            return Republication.of(client.post(REPUBLICATIONS, body).body());
        } catch (RequestFailed refusal) {
            String other = ReplayPart.text(refusal.problem().path("republication"));
            if (other == null) {
                throw OperationsClient.told(refusal);
            }
            System.err.println("The topic is being filled already.");
            return read(client, other);
        }
    }

    private static Republication read(DaybookClient client, String id) {
        return Republication.of(client.get(REPUBLICATIONS + "/" + id).body());
    }

    private static Republication watch(DaybookClient client, Republication asked) throws InterruptedException {
        long askedNanos = System.nanoTime();
        Progress progress = null;
        try {
            Republication republication = asked;
            for (; republication.state().isUnderWay(); republication = read(client, asked.id())) {
                if (republication.events() > 0) {
                    progress =
                            progress == null ? Progress.of("Republishing", "events", republication.events()) : progress;
                    progress.reached(republication.done());
                } else if (System.nanoTime() - askedNanos > TAKE_UP_TIMEOUT.toNanos()) {
                    throw new CommandFailed("Nobody has taken this up for " + TAKE_UP_TIMEOUT.toSeconds()
                            + " s. Do Daybook and Kafka run? './daybook status' tells. It is taken up when they do.");
                }
                Thread.sleep(LOOK_AGAIN);
            }
            if (progress != null) {
                progress.reached(republication.done());
            }
            return republication;
        } finally {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
