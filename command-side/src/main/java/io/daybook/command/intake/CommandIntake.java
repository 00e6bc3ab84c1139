package io.daybook.command.intake;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.bus.CommandQueueFullException;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.events.RecordedEvent;
import io.daybook.http.Caller;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;

/** Puts a command on the bus and waits, on a virtual thread, for what came of it. */
public final class CommandIntake {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final CommandBus bus;

    CommandIntake(CommandBus bus) {
        this.bus = bus;
    }

    /**
     * @return what came of it; if something was recorded, it is durable
     * @throws ProblemException if too many commands wait, or the event store is away. In the second case the command may
     *     have been recorded all the same: repeated with its idempotency key, it has its effect once.
     */
    public LedgerAnswer send(LedgerCommand command, Caller caller) {
        CompletableFuture<LedgerAnswer> answer = new CompletableFuture<>();
        bus.dispatch(message(command, caller), (sent, result) -> {
            if (result.isExceptional()) {
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete((LedgerAnswer) result.getPayload());
            }
        });
        try {
            return answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw problem(e.getCause());
        } catch (TimeoutException e) {
            throw unavailable("the command was not handled within " + TIMEOUT.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the server is stopping");
        }
    }

    private static CommandMessage<LedgerCommand> message(LedgerCommand command, Caller caller) {
        MetaData metaData = MetaData.with(RecordedEvent.Metadata.REQUEST_ID, caller.requestId())
                .and(RecordedEvent.Metadata.ACTOR, caller.actor());
        // The request's id serves as the message's: there is no need to draw another.
        return new GenericCommandMessage<>(
                new GenericMessage<>(caller.requestId(), command, metaData),
                command.getClass().getName());
    }

    private static RuntimeException problem(Throwable failure) {
        if (failure instanceof CommandQueueFullException) {
            return new ProblemException(
                    Problem.of(
                            ProblemCode.OVERLOADED,
                            "nothing was done: " + failure.getMessage() + "; try again shortly"),
                    RETRY_AFTER);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return unavailable("the event store could not be written");
            }
        }
        return new IllegalStateException("a command failed", failure);
    }

    private static ProblemException unavailable(String what) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.UNAVAILABLE,
                        what + "; it is not known whether the command was recorded: repeat it with the same"
                                + " Idempotency-Key or id"),
                RETRY_AFTER);
    }
}
