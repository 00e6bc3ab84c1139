package io.daybook.command.intake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.Single;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whether two commands with the same idempotency key ask for the same: by a digest of all their values, so that it does
 * not matter how a request spells them.
 *
 * <p>It is stored with what a command leads to: a change of what it is over makes old repeats look like other requests. What
 * a command does not have is left out, so that it may gain members.
 */
final class Fingerprints {

    /** Tells a digest of values from those of earlier versions of Daybook, which were over the request's text. */
    private static final String OF_VALUES = "2:";

    @JsonIgnoreProperties("identity")
    private interface WithoutIdentity {}

    /** To open a ledger without metadata is the same, whether they are left out or empty. */
    private interface Opening {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Nullable Map<String, String> metadata();
    }

    /** Only as a member is a command written with the name of its kind. */
    private record Asked(LedgerCommand command) {}

    private static final JsonMapper VALUES = JsonMapper.builder()
            .addMixIn(LedgerCommand.class, AsyncCommand.Names.class)
            .addMixIn(Single.class, WithoutIdentity.class)
            .addMixIn(RequestedTransaction.class, WithoutIdentity.class)
            .addMixIn(OpenLedger.class, Opening.class)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .changeDefaultPropertyInclusion(inclusion -> inclusion
                    .withValueInclusion(JsonInclude.Include.NON_NULL)
                    .withContentInclusion(JsonInclude.Include.ALWAYS))
            .build();

    private Fingerprints() {}

    /** The command with its fingerprint, if it came with an idempotency key. */
    static LedgerCommand sign(LedgerCommand command) {
        return switch (command) {
            case Single single
            when isKeyed(single.identity()) -> single.with(single.identity().with(of(command)));
            case PostTransactions post
            when isKeyed(post.transactions().getFirst().identity()) -> {
                String fingerprint = of(command);
                yield new PostTransactions(
                        post.ledger(),
                        post.atomic(),
                        post.batch(),
                        post.transactions().stream()
                                .map(transaction ->
                                        transaction.with(transaction.identity().with(fingerprint)))
                                .toList());
            }
            case Single single -> single;
            case PostTransactions post -> post;
            case AppendHistory append -> append;
        };
    }

    private static boolean isKeyed(Identity identity) {
        return identity.formerFingerprint() != null;
    }

    private static String of(LedgerCommand command) {
        return OF_VALUES + digest(values(command));
    }

    static String values(LedgerCommand command) {
        return VALUES.writeValueAsString(new Asked(command));
    }

    /** SHA-256 in hexadecimal. */
    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
