package io.daybook.command.holds;

import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.settings.CommandSideProperties.Expiry;
import io.daybook.command.store.HoldDeadlines;
import io.daybook.command.store.HoldDeadlines.Due;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.axonframework.commandhandling.CommandBus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Releases holds whose time has come. It remembers nothing: the deadlines are in the event store, so a hold whose time came
 * while nobody ran expires when somebody does. Of several nodes one looks after all; if two do, the second one's command finds no
 * open hold.
 */
final class HoldExpiry implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(HoldExpiry.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** Who asks for an expiry, and the name of its request. */
    private static final String ACTOR = "daybook";

    private final CommandBus bus;
    private final JdbcTemplate eventStore;
    private final ExpiryClaim claim;
    private final Clock clock;
    private final Expiry settings;
    private volatile boolean running;
    private @Nullable Thread thread;

    HoldExpiry(CommandBus bus, JdbcTemplate eventStore, ExpiryClaim claim, Clock clock, Expiry settings) {
        this.bus = bus;
        this.eventStore = eventStore;
        this.claim = claim;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("hold-expiry").start(this::run);
    }

    private void run() {
        while (running) {
            int expired = 0;
            try {
                expired = expireWhatIsDue();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("holds cannot expire now, trying again: {}", e.toString());
            }
            try {
                if (expired < settings.maxHolds()) {
                    Thread.sleep(settings.interval());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private int expireWhatIsDue() throws InterruptedException {
        List<Due> due = HoldDeadlines.due(eventStore, clock.instant(), settings.maxHolds());
        if (due.isEmpty() || !claim.take()) {
            return 0;
        }
        List<CompletableFuture<?>> answers = due.stream()
                .<CompletableFuture<?>>map(hold -> {
                    ExpireHold command =
                            new ExpireHold(hold.ledger(), Identities.ofExpiry(hold.ledger(), hold.hold()), hold.hold());
                    return CommandIntake.send(bus, command, "expiry/" + hold.hold(), ACTOR, null);
                })
                .toList();
        int expired = 0;
        for (CompletableFuture<?> answer : answers) {
            try {
                answer.get();
                expired++;
            } catch (ExecutionException e) {
                LOG.warn(
                        "a hold could not expire now, trying again: {}",
                        e.getCause().toString());
            }
        }
        return expired;
    }

    @Override
    public void stop() {
        running = false;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(STOP_TIMEOUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            claim.release();
        } catch (RuntimeException e) {
            LOG.debug("the claim ends by itself", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
