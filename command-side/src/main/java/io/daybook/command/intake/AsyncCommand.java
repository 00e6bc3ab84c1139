package io.daybook.command.intake;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command on its way through Kafka: the value of a record in {@code daybook.commands}, in JSON.
 *
 * @param id under which the outcome can be asked for
 * @param trace that the client began, or null
 */
record AsyncCommand(
        UUID id, String requestId, String actor, @Nullable UUID trace, LedgerCommand command) {

    /** Names of commands on their way. Those that wait in Kafka while Daybook is upgraded must still be readable. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "open-ledger.v1", value = OpenLedger.class),
        @JsonSubTypes.Type(name = "configure-account.v1", value = ConfigureAccount.class),
        @JsonSubTypes.Type(name = "change-metadata.v1", value = ChangeMetadata.class),
        @JsonSubTypes.Type(name = "post-transactions.v1", value = PostTransactions.class),
        @JsonSubTypes.Type(name = "reverse-transaction.v1", value = ReverseTransaction.class),
        @JsonSubTypes.Type(name = "place-hold.v1", value = PlaceHold.class),
        @JsonSubTypes.Type(name = "capture-hold.v1", value = CaptureHold.class),
        @JsonSubTypes.Type(name = "void-hold.v1", value = VoidHold.class)
    })
    interface Names {}

    private static final JsonMapper JSON =
            JsonMapper.builder().addMixIn(LedgerCommand.class, Names.class).build();

    byte[] toJson() {
        return JSON.writeValueAsBytes(this);
    }

    /**
     * @throws tools.jackson.core.JacksonException if it was written by a newer version, or by something else
     */
    static AsyncCommand ofJson(byte[] json) {
        return JSON.readValue(json, AsyncCommand.class);
    }
}
