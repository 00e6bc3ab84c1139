package io.daybook.command.intake;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.bus.CommandQueueFullException;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.reply.Replies;
import io.daybook.events.RecordedEvent;
import io.daybook.http.Caller;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** Where commands come in: puts them on the bus and waits, on a virtual thread, for what came of them. */
public final class CommandIntake {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final CommandBus bus;
    private final AsyncCommands async;
    private final Duration timeout;

    /**
     * @param timeout how long a request waits for its command
     */
    CommandIntake(CommandBus bus, AsyncCommands async, Duration timeout) {
        this.bus = bus;
        this.async = async;
        this.timeout = timeout;
    }

    /**
     * Handles a command, or takes it for later if the caller prefers that.
     *
     * @return the answer; if it tells of something recorded, that is durable
     * @throws ProblemException if too many commands wait, or the event store is away. In the second case the command may
     *     have been recorded all the same: repeated with its idempotency key, it has its effect once.
     */
    public ResponseEntity<Object> handle(LedgerCommand asked, Caller caller) {
        LedgerCommand command = Fingerprints.sign(asked);
        if (caller.asyncId() != null) {
            return async.accept(caller.asyncId(), command, caller);
        }
        CompletableFuture<LedgerAnswer> answer = send(
                bus, command, caller.requestId(), caller.actor(), caller.trace().givenTrace());
        try {
            return Replies.of(command, answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS))
                    .asResponse();
        } catch (ExecutionException e) {
            throw problem(e.getCause());
        } catch (TimeoutException e) {
            throw unavailable("the command was not handled within " + timeout.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the server is stopping");
        }
    }

    /**
     * Puts a command on the bus.
     *
     * @param trace that the client began, or null
     * @return what comes of it; exceptional if it was not handled, or nobody knows
     */
    public static CompletableFuture<LedgerAnswer> send(
            CommandBus bus, LedgerCommand command, String requestId, String actor, @Nullable UUID trace) {
        MetaData metaData =
                MetaData.with(RecordedEvent.Metadata.REQUEST_ID, requestId).and(RecordedEvent.Metadata.ACTOR, actor);
        if (trace != null) {
            metaData = metaData.and(RecordedEvent.Metadata.TRACE, trace);
        }
        // The request's id serves as the message's: there is no need to draw another.
        CommandMessage<LedgerCommand> message = new GenericCommandMessage<>(
                new GenericMessage<>(requestId, command, metaData),
                command.getClass().getName());
        CompletableFuture<LedgerAnswer> answer = new CompletableFuture<>();
        bus.dispatch(message, (sent, result) -> {
            if (result.isExceptional()) {
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete((LedgerAnswer) result.getPayload());
            }
        });
        return answer;
    }

    private static RuntimeException problem(Throwable failure) {
        if (failure instanceof CommandQueueFullException) {
            return new ProblemException(
                    Problem.of(
                            ProblemCode.OVERLOADED,
                            "nothing was done: " + failure.getMessage() + "; try again shortly"),
                    RETRY_AFTER);
        }
        if (failure instanceof ConcurrencyException) {
            return ProblemException.unavailable(
                    "nothing was done: other nodes write the same ledger all the time; try again shortly");
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return unavailable("the event store could not be written");
            }
        }
        return new IllegalStateException("a command failed", failure);
    }

    private static ProblemException unavailable(String what) {
        return ProblemException.unavailable(what
                + "; it is not known whether the command was recorded: repeat it with the same Idempotency-Key or id");
    }
}
