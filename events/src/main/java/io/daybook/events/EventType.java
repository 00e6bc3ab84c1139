package io.daybook.events;

import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names under which events are stored and published. A name holds its version and is not a class name, so classes
 * can be moved and renamed while history stays readable. These are the names of today, under which events are written;
 * what was written under earlier ones is read through the {@link UpcasterChain}.
 */
public enum EventType {
    LEDGER_OPENED("daybook.ledger-opened.v1", LedgerOpened.class),
    ACCOUNT_CONFIGURED("daybook.account-configured.v1", AccountConfigured.class),
    TRANSACTION_POSTED("daybook.transaction-posted.v1", TransactionPosted.class),
    TRANSACTION_REVERSED("daybook.transaction-reversed.v1", TransactionReversed.class),
    HOLD_PLACED("daybook.hold-placed.v1", HoldPlaced.class),
    HOLD_CAPTURED("daybook.hold-captured.v1", HoldCaptured.class),
    HOLD_RELEASED("daybook.hold-released.v1", HoldReleased.class),
    METADATA_CHANGED("daybook.metadata-changed.v1", MetadataChanged.class);

    private static final Map<String, EventType> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::eventName, Function.identity()));
    private static final Map<Class<?>, EventType> BY_CLASS =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::eventClass, Function.identity()));

    private final String eventName;
    private final Class<? extends LedgerEvent> eventClass;

    EventType(String eventName, Class<? extends LedgerEvent> eventClass) {
        this.eventName = eventName;
        this.eventClass = eventClass;
    }

    /** The name and version in the store, such as {@code daybook.transaction-posted.v1}. */
    public String eventName() {
        return eventName;
    }

    public Class<? extends LedgerEvent> eventClass() {
        return eventClass;
    }

    public static EventType of(LedgerEvent event) {
        return of(event.getClass());
    }

    /**
     * @throws IllegalArgumentException if {@code eventClass} is not one of the events
     */
    public static EventType of(Class<?> eventClass) {
        EventType type = BY_CLASS.get(eventClass);
        if (type == null) {
            throw new IllegalArgumentException(eventClass.getName() + " is not a ledger event");
        }
        return type;
    }

    static boolean isCurrent(String eventName) {
        return BY_NAME.containsKey(eventName);
    }

    /**
     * @throws IllegalArgumentException if no event of this version of Daybook has the name
     */
    public static EventType named(String eventName) {
        EventType type = BY_NAME.get(eventName);
        if (type == null) {
            throw new IllegalArgumentException("unknown event type '" + eventName
                    + "': it was written by a newer version of Daybook; upgrade this one before reading it"
                    + known(eventName));
        }
        return type;
    }

    /** Which version of the same event is known, if one is. */
    private static String known(String eventName) {
        int version = eventName.lastIndexOf(".v");
        return version < 0
                ? ""
                : BY_NAME.keySet().stream()
                        .filter(name -> name.startsWith(eventName.substring(0, version) + ".v"))
                        .findFirst()
                        .map(name -> " (this one knows '" + name + "')")
                        .orElse("");
    }
}
