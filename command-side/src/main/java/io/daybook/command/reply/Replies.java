package io.daybook.command.reply;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.Rejection;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.ImportInProgress;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.reply.Views.AccountView;
import io.daybook.command.reply.Views.BatchView;
import io.daybook.command.reply.Views.HistoryView;
import io.daybook.command.reply.Views.HoldView;
import io.daybook.command.reply.Views.ItemView;
import io.daybook.command.reply.Views.LedgerView;
import io.daybook.command.reply.Views.MetadataView;
import io.daybook.command.reply.Views.ReleaseView;
import io.daybook.command.reply.Views.TransactionView;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.http.Headers;
import io.daybook.http.Problem;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpStatus;

/** Answers commands. */
public final class Replies {

    private Replies() {}

    public static Reply of(LedgerCommand command, LedgerAnswer answer) {
        if (command instanceof PostTransactions post && post.batch()) {
            return ofBatch(answer);
        }
        if (command instanceof AppendHistory append
                && answer.outcomes().getLast() instanceof Outcome.Recorded(RecordedEvent last, boolean repeated)) {
            return new Reply(
                    HttpStatus.OK.value(), headers(answer, repeated), HistoryView.of(append, last, answer.outcomes()));
        }
        return switch (answer.outcomes().getFirst()) {
            case Outcome.Stood(History.Head head) ->
                new Reply(HttpStatus.OK.value(), headers(answer, false), HistoryView.of((AppendHistory) command, head));
            case Outcome.Recorded(RecordedEvent recorded, boolean repeated) ->
                new Reply(status(recorded.event()), headers(answer, repeated), view(recorded));
            case Outcome.Unchanged(LedgerEvent standing, boolean repeated) ->
                new Reply(
                        HttpStatus.OK.value(),
                        headers(answer, repeated),
                        view(command.ledger(), standing, answer.sequence()));
            case Outcome.Refused(Rejection rejection) -> refusal(rejection, answer);
        };
    }

    private static Reply ofBatch(LedgerAnswer answer) {
        // These are of the whole request, not of one of its transactions.
        if (answer.outcomes().getFirst() instanceof Outcome.Refused(Rejection rejection)
                && (rejection instanceof LedgerNotFound
                        || rejection instanceof IdempotencyKeyReused
                        || rejection instanceof ImportInProgress)) {
            return refusal(rejection, answer);
        }
        boolean repeated = answer.outcomes().stream()
                .allMatch(outcome -> outcome instanceof Outcome.Recorded recorded && recorded.repeated());
        return new Reply(
                HttpStatus.OK.value(),
                headers(answer, repeated),
                new BatchView(answer.outcomes().stream().map(Replies::item).toList(), answer.sequence()));
    }

    private static ItemView item(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Recorded(RecordedEvent recorded, boolean repeated) ->
                new ItemView(HttpStatus.CREATED.value(), TransactionView.of(recorded), null);
            case Outcome.Refused(Rejection rejection) -> {
                Problem problem = Problems.of(rejection);
                yield new ItemView(problem.status(), null, problem);
            }
            case Outcome.Unchanged unchanged ->
                throw new IllegalStateException("a posting changes the ledger: " + unchanged);
            case Outcome.Stood stood -> throw new IllegalStateException("a posting is no history: " + stood);
        };
    }

    private static Reply refusal(Rejection rejection, LedgerAnswer answer) {
        // A ledger that is not there has not come anywhere.
        return Reply.of(Problems.of(rejection), answer.sequence() == 0 ? Map.of() : headers(answer, false));
    }

    private static Map<String, String> headers(LedgerAnswer answer, boolean repeated) {
        Map<String, String> headers = new TreeMap<>();
        headers.put(Headers.LEDGER_SEQUENCE, Long.toString(answer.sequence()));
        if (repeated) {
            headers.put(Headers.IDEMPOTENT_REPLAYED, "true");
        }
        return headers;
    }

    private static int status(LedgerEvent event) {
        boolean createsNothing = event instanceof HoldReleased
                || event instanceof MetadataChanged
                || event instanceof AccountConfigured configured && !configured.created();
        return (createsNothing ? HttpStatus.OK : HttpStatus.CREATED).value();
    }

    private static Object view(RecordedEvent recorded) {
        return switch (recorded.event()) {
            case Transaction transaction -> TransactionView.of(recorded);
            case HoldPlaced placed -> HoldView.of(recorded, placed);
            case HoldReleased released -> ReleaseView.of(recorded, released);
            case LedgerOpened opened -> view(recorded.ledger(), opened, recorded.sequence());
            case AccountConfigured configured -> view(recorded.ledger(), configured, recorded.sequence());
            case MetadataChanged changed -> view(recorded.ledger(), changed, recorded.sequence());
        };
    }

    private static Object view(LedgerId ledger, LedgerEvent standing, long sequence) {
        return switch (standing) {
            case LedgerOpened opened -> LedgerView.of(ledger, opened, sequence);
            case AccountConfigured configured -> AccountView.of(ledger, configured, sequence);
            case MetadataChanged changed -> MetadataView.of(ledger, changed, sequence);
            default -> throw new IllegalStateException("nothing can stand already of " + standing);
        };
    }
}
