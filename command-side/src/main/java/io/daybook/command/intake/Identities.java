package io.daybook.command.intake;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives the events of a request their ids: with an idempotency key or an id of the client's the same ones for every
 * repeat, else new ones that grow with time, which keeps an index on them compact (RFC 9562, version 7).
 */
public final class Identities {

    private static final int MAX_KEY_LENGTH = 255;

    /** The name space of derived event ids (RFC 9562, version 5). Never to be changed: old repeats would be new. */
    private static final UUID NAMESPACE = UUID.fromString("6f0f8c1e-5a1b-4a0e-9d5e-0b3a4f1c2d70");

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final LedgerId ledger;
    private final @Nullable String key;
    private final @Nullable String formerFingerprint;

    private Identities(LedgerId ledger, @Nullable String key, @Nullable String formerFingerprint) {
        this.ledger = ledger;
        this.key = key;
        this.formerFingerprint = formerFingerprint;
    }

    /**
     * @param key the idempotency key, or null if there is none
     * @param caller one that does not wait is given a key of its own if it has none: its command may be handled twice
     * @param action what is done to what, as earlier versions of Daybook took it into a fingerprint
     * @param body the body as it was understood, as they took it
     */
    public static Identities of(LedgerId ledger, @Nullable String key, Caller caller, String action, Object body) {
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY_LENGTH)) {
            throw ProblemException.invalidField(Headers.IDEMPOTENCY_KEY, "has 1 to " + MAX_KEY_LENGTH + " characters");
        }
        String known = key == null && caller.asyncId() != null ? "async/" + caller.asyncId() : key;
        return known == null
                ? new Identities(ledger, null, null)
                : new Identities(
                        ledger, known, Fingerprints.digest(action + "\n" + CANONICAL.writeValueAsString(body)));
    }

    /** The identity of a hold's expiry: the same one, whoever finds that its time has come. */
    public static Identity ofExpiry(LedgerId ledger, UUID hold) {
        return new Identity(new Identities(ledger, null, null).derived("expiry/" + hold), null);
    }

    /** The identity of a request that leads to one event; without a fingerprint yet ({@link Fingerprints}). */
    public Identity only() {
        return ofItem(0, null);
    }

    /**
     * The identity of one of a request's transactions; without a fingerprint yet.
     *
     * @param chosenId the transaction's id if the client chose it
     */
    public Identity ofItem(int index, @Nullable UUID chosenId) {
        if (key != null) {
            return new Identity(derived("key/" + index + "/" + key), null, formerFingerprint);
        }
        return new Identity(chosenId == null ? UuidCreator.getTimeOrderedEpoch() : derived("id/" + chosenId), null);
    }

    private UUID derived(String name) {
        return UuidCreator.getNameBasedSha1(NAMESPACE, ledger + "/" + name);
    }
}
