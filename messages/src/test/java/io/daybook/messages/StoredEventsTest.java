package io.daybook.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerId;
import io.daybook.events.Upcaster;
import io.daybook.events.UpcasterChain;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once can always be read: by this version, and as it was stored. */
class StoredEventsTest {

    private static final UUID HOLD = UUID.fromString("0198c0de-0000-7000-8000-000000000003");

    /** A history that never was: holds lapsed before they were released, and amounts were numbers. */
    private static final UpcasterChain INVENTED = UpcasterChain.of(
            new Upcaster("daybook.hold-lapsed.v1", "daybook.hold-released.v0", data -> {
                data.put("reason", Boolean.TRUE.equals(data.remove("automatic")) ? "expired" : "voided");
                return data;
            }),
            new Upcaster("daybook.hold-released.v0", "daybook.hold-released.v1", data -> {
                data.put("amount", data.get("amount").toString());
                return data;
            }));

    private static final String LAPSED = "{\"amount\":500,\"asset\":\"USD/2\",\"automatic\":true,\"hold\":\"" + HOLD
            + "\",\"source\":\"users:42:wallet\"}";

    /** One stored event of every version ever written; the file's name is the event's. */
    static List<Path> goldenFiles() throws IOException, URISyntaxException {
        Path folder = Path.of(StoredEventsTest.class.getResource("/events").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String eventName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void an_event_of_every_version_ever_written_can_be_read(Path file) throws IOException {
        String name = eventName(file);
        byte[] stored = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);

        LedgerEvent event = LedgerEventJson.read(name, stored);

        EventType today = UpcasterChain.ofDaybook().currentType(name);
        assertThat(event).isInstanceOf(today.eventClass());
        if (name.equals(today.eventName())) {
            assertThat(LedgerEventJson.write(event)).isEqualTo(stored);
        }
    }

    @Test
    void there_is_a_stored_event_for_every_name_that_can_be_read() throws IOException, URISyntaxException {
        Set<String> names = new TreeSet<>();
        for (EventType type : EventType.values()) {
            names.addAll(UpcasterChain.ofDaybook().namesOf(type));
        }
        assertThat(goldenFiles().stream().map(StoredEventsTest::eventName).collect(Collectors.toSet()))
                .isEqualTo(names);
    }

    @Test
    void a_version_that_is_not_known_is_refused_with_what_is_the_case_and_what_to_do() {
        byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerEventJson.read("daybook.transaction-posted.v99", data))
                .withMessage("unknown event type 'daybook.transaction-posted.v99': it was written by a newer version of"
                        + " Daybook; upgrade this one before reading it (this one knows"
                        + " 'daybook.transaction-posted.v1')");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerEventJson.read("daybook.gold-minted.v1", data))
                .withMessageEndingWith("before reading it");
    }

    @Test
    void a_chain_leads_step_by_step_from_any_earlier_name_to_the_shape_of_today() {
        LedgerEvent released =
                LedgerEventJson.read(INVENTED, "daybook.hold-lapsed.v1", LAPSED.getBytes(StandardCharsets.UTF_8));

        byte[] stored =
                LAPSED.replace("\"automatic\":true", "\"reason\":\"expired\"").getBytes(StandardCharsets.UTF_8);
        assertThat(released)
                .isEqualTo(LedgerEventJson.read(INVENTED, "daybook.hold-released.v0", stored))
                .isInstanceOfSatisfying(HoldReleased.class, release -> {
                    assertThat(release.hold()).isEqualTo(HOLD);
                    assertThat(release.amount()).hasToString("500");
                    assertThat(release.reason()).isEqualTo(HoldReleased.Reason.EXPIRED);
                });
        assertThat(INVENTED.namesOf(EventType.HOLD_RELEASED))
                .containsExactly("daybook.hold-released.v1", "daybook.hold-lapsed.v1", "daybook.hold-released.v0");
    }

    @Test
    void a_chain_that_leads_nowhere_or_in_circles_is_refused() {
        Upcaster nowhere = new Upcaster("daybook.a.v1", "daybook.b.v1", data -> data);
        Upcaster back = new Upcaster("daybook.b.v1", "daybook.a.v1", data -> data);
        Upcaster ofToday = new Upcaster("daybook.hold-placed.v1", "daybook.hold-released.v1", data -> data);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpcasterChain.of(nowhere))
                .withMessageContaining("unknown event type 'daybook.b.v1'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpcasterChain.of(nowhere, back))
                .withMessageContaining("circle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpcasterChain.of(nowhere, nowhere))
                .withMessageContaining("two steps");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpcasterChain.of(ofToday))
                .withMessageContaining("name of today");
    }

    /** The hash is over what was stored; reading it in another shape changes neither. */
    @Test
    void the_hash_chain_is_verified_before_any_step() {
        byte[] stored = LAPSED.getBytes(StandardCharsets.UTF_8);
        byte[] hash = hash("daybook.hold-lapsed.v1", stored);

        LedgerEvent today = LedgerEventJson.read(INVENTED, "daybook.hold-lapsed.v1", stored);

        assertThat(hash("daybook.hold-lapsed.v1", stored)).isEqualTo(hash);
        assertThat(hash(EventType.of(today).eventName(), LedgerEventJson.write(today)))
                .isNotEqualTo(hash);
    }

    private static byte[] hash(String type, byte[] data) {
        return HashChain.next(
                HashChain.genesis(),
                HashChain.VERSION,
                new LedgerId("acme"),
                1,
                HOLD,
                type,
                Instant.EPOCH,
                "request",
                "actor",
                data);
    }
}
