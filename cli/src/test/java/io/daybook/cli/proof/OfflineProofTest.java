package io.daybook.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerId;
import io.daybook.messages.LedgerEventJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What an auditor is told who has an export, a checkpoint and a public key. */
class OfflineProofTest {

    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");

    @TempDir
    private Path folder;

    private Path key;
    private Path checkpoint;

    /** What is exported of a ledger, a line for each event, and what a checkpoint has of it. */
    private record History(LedgerId ledger, List<String> lines, List<Integer> chains, List<String> hashes) {

        /**
         * @param said what makes it another history than one with the same events
         */
        static History of(String name, int events, String said) {
            return of(name, said, Collections.nCopies(events, HashChain.VERSION));
        }

        /**
         * @param chains the versions of the hash chain that the events are hashed under
         */
        static History of(String name, String said, List<Integer> chains) {
            LedgerId ledger = new LedgerId(name);
            List<String> lines = new ArrayList<>();
            List<String> hashes = new ArrayList<>();
            byte[] hash = HashChain.genesis();
            for (int sequence = 1; sequence <= chains.size(); sequence++) {
                LedgerEvent event = sequence == 1
                        ? new LedgerOpened(null, Map.of("said", said))
                        : new MetadataChanged(null, null, Map.of("said", said));
                String type = EventType.of(event).eventName();
                UUID id = UUID.nameUUIDFromBytes((name + said + sequence).getBytes(StandardCharsets.UTF_8));
                int chain = chains.get(sequence - 1);
                byte[] data = LedgerEventJson.canonical(JsonMapper.shared().valueToTree(event), chain);
                hash = HashChain.next(hash, chain, ledger, sequence, id, type, NOW, "request", "somebody", data);
                hashes.add(HexFormat.of().formatHex(hash));
                lines.add("""
                        {"ledger":"%s","sequence":%d,"id":"%s","type":"%s","recordedAt":"%s","requestId":"request",\
                        "actor":"somebody",%s"hash":"%s","data":%s}""".formatted(
                                name,
                                sequence,
                                id,
                                type,
                                NOW,
                                chain == HashChain.FIRST_VERSION ? "" : "\"chain\":" + chain + ",",
                                hashes.getLast(),
                                new String(data, StandardCharsets.UTF_8)));
            }
            return new History(ledger, lines, chains, hashes);
        }

        Checkpoint at(int sequence) {
            return new Checkpoint(ledger, sequence, chains.get(sequence - 1), hashes.get(sequence - 1));
        }
    }

    private record Told(int status, String output) {}

    @BeforeEach
    void key() {
        key = folder.resolve("key");
        checkpoint = folder.resolve("checkpoint");
        CheckpointFile.makeKeys(key);
    }

    private void sign(Checkpoint... checkpoints) throws Exception {
        Files.writeString(checkpoint, CheckpointFile.sign(List.of(checkpoints), NOW, key));
    }

    private Path export(History... histories) throws Exception {
        Path export = folder.resolve("history.ndjson");
        return Files.write(
                export,
                Stream.of(histories)
                        .flatMap(history -> history.lines().stream())
                        .toList());
    }

    private Told verify(Path export, String... more) {
        List<String> line = new ArrayList<>(List.of("--export", export.toString()));
        line.addAll(List.of(more));
        StringWriter printed = new StringWriter();
        int status = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute(line.toArray(String[]::new));
        return new Told(status, printed.toString());
    }

    private Told verifySigned(Path export, String... more) {
        return verify(
                export,
                Stream.concat(
                                Stream.of("--checkpoint", checkpoint.toString(), "--public-key", key + ".pub"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    @Test
    void a_ledger_that_is_signed_to_its_end_is_proved() throws Exception {
        History acme = History.of("acme", 5, "a");
        sign(acme.at(5));

        Told told = verifySigned(export(acme));

        assertThat(told.status()).as(told.output()).isZero();
        assertThat(told.output())
                .contains("ledger acme: signed up to event 5, which is its last")
                .contains("5 events of 1 ledgers verified: nothing is wrong.")
                .doesNotContain("chained only");
    }

    /** It was begun under the first version of the chain, and went on under the second. */
    @Test
    void both_versions_of_the_chain_are_verified_and_a_checkpoint_tells_which_it_is_of() throws Exception {
        History acme = History.of("acme", "a\u001b", List.of(1, 1, 2, 2));
        sign(acme.at(2));
        assertThat(Files.readString(checkpoint))
                .contains("acme 2 " + acme.hashes().get(1) + "\n");
        assertThat(verifySigned(export(acme)).status()).isZero();

        sign(acme.at(4));

        assertThat(Files.readString(checkpoint))
                .contains("acme 4 " + acme.hashes().get(3) + " chain 2\n");
        Told told = verifySigned(export(acme));
        assertThat(told.status()).as(told.output()).isZero();
        assertThat(told.output()).contains("ledger acme: signed up to event 4, which is its last");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 'event 3 in the export is not one that can be there: it is of version 1 of the chain after one of version 2'",
        "3, 'event 3 in the export is not one that can be there: it is of version 3 of the chain, and this version'"
    })
    void a_version_that_falls_or_that_nobody_knows_is_found(int chain, String told) throws Exception {
        assertThat(verify(export(History.of("acme", "a", List.of(1, 2, chain, chain))))
                        .output())
                .contains("WRONG  ledger acme: " + told)
                .contains(": 1 wrong");
    }

    /** Neither the member alone, nor with it what it stands for, can be taken away or put in. */
    @ParameterizedTest
    @CsvSource({"2, '\"chain\":2,', ''", "1, '\"hash\"', '\"chain\":2,\"hash\"'"})
    void what_an_event_says_of_its_version_is_covered_by_its_hash(int chain, String what, String by) throws Exception {
        Path export = export(History.of("acme", "a", List.of(chain, chain)));
        Files.writeString(export, Files.readString(export).replace(what, by));

        assertThat(verify(export).output()).contains("event 1 in the export is not the one that was recorded");
    }

    @Test
    void what_came_after_the_checkpoint_is_told_to_be_chained_only() throws Exception {
        History acme = History.of("acme", 5, "a");
        History other = History.of("other", 4, "a");
        sign(acme.at(3), other.at(3));

        Told told = verifySigned(export(acme, other));

        assertThat(told.status()).as(told.output()).isZero();
        assertThat(told.output())
                .contains("ledger acme: signed up to event 3, events 4 to 5 are chained only")
                .contains("ledger other: signed up to event 3, event 4 is chained only")
                .contains("6 of them are signed at the checkpoint.");
    }

    @Test
    void a_ledger_that_nobody_has_signed_is_not_proved() throws Exception {
        History acme = History.of("acme", 5, "a");
        sign(acme.at(5));

        Told told = verifySigned(export(acme, History.of("forged", 3, "anything")));

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.output())
                .contains("WRONG  ledger forged: it is not in the checkpoint")
                .contains("ledger acme: signed up to event 5, which is its last")
                .contains("1 wrong");
    }

    @Test
    void a_chain_that_was_written_anew_is_not_what_was_signed() throws Exception {
        sign(History.of("acme", 5, "a").at(5));

        Told told = verifySigned(export(History.of("acme", 7, "b")));

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.output())
                .contains("WRONG  ledger acme: event 5 has the hash ")
                .doesNotContain("ledger acme: signed");
    }

    @Test
    void a_ledger_that_was_signed_and_is_not_there_is_missed_unless_it_is_not_asked_for() throws Exception {
        History acme = History.of("acme", 5, "a");
        sign(acme.at(5), History.of("lost", 4, "a").at(4));

        Told told = verifySigned(export(acme));

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.output())
                .contains("WRONG  ledger lost: it has 4 events at the checkpoint, and 0 in the export")
                .contains("name it with --ledger");
        assertThat(verifySigned(export(acme), "--ledger", "acme").status()).isZero();
    }

    @Test
    void without_a_checkpoint_nothing_is_told_to_be_signed() throws Exception {
        Told told = verify(export(History.of("acme", 5, "a")));

        assertThat(told.status()).as(told.output()).isZero();
        assertThat(told.output())
                .contains("ledger acme: not signed, events 1 to 5 are chained only")
                .contains("the chains are unbroken, but without --checkpoint nothing tells who made them")
                .doesNotContain("nothing is wrong");
    }

    @Test
    void an_event_that_comes_again_is_found() throws Exception {
        History acme = History.of("acme", 5, "a");
        History again = new History(
                acme.ledger(), List.of(acme.lines().get(1).replace("\"a\"", "\"b\"")), List.of(), List.of());
        sign(acme.at(5));

        Told told = verifySigned(export(acme, again));

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.output()).contains("WRONG  ledger acme: event 2 in the export is where event 6 should be");
    }

    @Test
    void what_has_no_name_of_a_ledger_is_found() throws Exception {
        History acme = History.of("acme", 5, "a");
        Path export = export(acme);
        Files.writeString(
                export, acme.lines().getFirst().replace("\"acme\"", "\"No name\"") + "\n" + Files.readString(export));
        sign(acme.at(5));

        Told told = verifySigned(export);

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.output()).contains("WRONG  event 1 of 'No name' in the export: ");
    }
}
