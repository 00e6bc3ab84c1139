package io.daybook.command.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.Single;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What fingerprints are over. They are stored for ever, so what is here must stay: else old repeats are other requests. */
class FingerprintsTest {

    private static final LedgerId LEDGER = new LedgerId("acme");
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress SHOP = new AccountAddress("shop");
    private static final Asset USD = new Asset("USD/2");
    private static final UUID ID = UUID.fromString("ec000000-0000-4000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("ec000000-0000-4000-8000-000000000002");
    private static final Instant TIME = Instant.parse("2026-01-31T09:00:00.5Z");
    private static final Identity KEYED = new Identity(UUID.randomUUID(), null, "former");

    static Stream<Arguments> commands() {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("b", "1");
        changes.put("a", null);
        return Stream.of(
                Arguments.of(
                        new OpenLedger(LEDGER, KEYED, null, Map.of()),
                        "{\"type\":\"open-ledger.v1\",\"ledger\":\"acme\"}"),
                Arguments.of(
                        new ConfigureAccount(
                                LEDGER,
                                KEYED,
                                ALICE,
                                Overdraft.UNLIMITED,
                                Map.of(USD, new BalanceLimits(null, Amount.of(5))),
                                null,
                                Map.of("b", "2", "a", "1")),
                        "{\"type\":\"configure-account.v1\",\"account\":\"alice\",\"ledger\":\"acme\","
                                + "\"limits\":{\"USD/2\":{\"max\":\"5\"}},\"metadata\":{\"a\":\"1\",\"b\":\"2\"},"
                                + "\"overdraft\":\"unlimited\"}"),
                Arguments.of(
                        new ChangeMetadata(LEDGER, KEYED, null, ID, changes),
                        "{\"type\":\"change-metadata.v1\",\"changes\":{\"a\":null,\"b\":\"1\"},\"ledger\":\"acme\","
                                + "\"transaction\":\"" + ID + "\"}"),
                Arguments.of(
                        new PostTransactions(
                                LEDGER,
                                false,
                                true,
                                List.of(new RequestedTransaction(
                                        KEYED,
                                        ID,
                                        "r",
                                        TIME,
                                        List.of(
                                                new RequestedPosting(ALICE, SHOP, USD, Amount.of(5)),
                                                new RequestedPosting(ALICE, SHOP, USD, null)),
                                        Map.of()))),
                        "{\"type\":\"post-transactions.v1\",\"atomic\":false,\"batch\":true,\"ledger\":\"acme\","
                                + "\"transactions\":[{\"effectiveAt\":\"2026-01-31T09:00:00.500Z\",\"id\":\"" + ID
                                + "\",\"metadata\":{},\"postings\":[{\"amount\":\"5\",\"asset\":\"USD/2\","
                                + "\"destination\":\"shop\",\"source\":\"alice\"},{\"asset\":\"USD/2\","
                                + "\"destination\":\"shop\",\"source\":\"alice\"}],\"reference\":\"r\"}]}"),
                Arguments.of(
                        new ReverseTransaction(LEDGER, KEYED, ID, OTHER, null, Map.of()),
                        "{\"type\":\"reverse-transaction.v1\",\"id\":\"" + OTHER + "\",\"ledger\":\"acme\","
                                + "\"metadata\":{},\"transaction\":\"" + ID + "\"}"),
                Arguments.of(
                        new PlaceHold(LEDGER, KEYED, ID, ALICE, null, USD, Amount.of(5), TIME, Map.of()),
                        "{\"type\":\"place-hold.v1\",\"amount\":\"5\",\"asset\":\"USD/2\","
                                + "\"expiresAt\":\"2026-01-31T09:00:00.500Z\",\"id\":\"" + ID
                                + "\",\"ledger\":\"acme\",\"metadata\":{},\"source\":\"alice\"}"),
                Arguments.of(
                        new CaptureHold(LEDGER, KEYED, ID, null, null, false),
                        "{\"type\":\"capture-hold.v1\",\"closing\":false,\"hold\":\"" + ID + "\",\"ledger\":\"acme\"}"),
                Arguments.of(
                        new VoidHold(LEDGER, KEYED, ID),
                        "{\"type\":\"void-hold.v1\",\"hold\":\"" + ID + "\",\"ledger\":\"acme\"}"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void are_over_all_values_of_a_command_in_one_spelling(LedgerCommand command, String values) {
        assertThat(Fingerprints.values(command)).isEqualTo("{\"command\":" + values + "}");
        String expected = "2:" + Fingerprints.digest("{\"command\":" + values + "}");
        assertThat(identities(Fingerprints.sign(command))).allSatisfy(identity -> {
            assertThat(identity.fingerprint()).isEqualTo(expected);
            assertThat(identity.formerFingerprint()).isEqualTo("former");
        });
    }

    @Test
    void are_there_for_every_kind_of_command_that_can_have_a_key() {
        List<Class<?>> kinds = new ArrayList<>(List.of(Single.class.getPermittedSubclasses()));
        kinds.remove(ExpireHold.class);
        kinds.add(PostTransactions.class);
        assertThat(commands().<Class<?>>map(arguments -> arguments.get()[0].getClass()))
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void are_not_made_without_a_key() {
        VoidHold command = new VoidHold(LEDGER, new Identity(UUID.randomUUID(), null), ID);
        assertThat(Fingerprints.sign(command)).isSameAs(command);
    }

    private static List<Identity> identities(LedgerCommand command) {
        return command instanceof PostTransactions post
                ? post.transactions().stream()
                        .map(RequestedTransaction::identity)
                        .toList()
                : List.of(((Single) command).identity());
    }
}
