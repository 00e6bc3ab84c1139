package io.daybook.stores.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A document of the audit, or one within it, as it is being put together. */
public final class AuditDocument {

    /** The names of what it is within; the fields that are put here have them in front of their own. */
    private final List<String> within;

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** An empty one. */
    public AuditDocument() {
        this.within = List.of();
    }

    /**
     * An empty one within another.
     *
     * @param list the field of the other that it is to be an element of
     */
    public AuditDocument(AuditField list) {
        this.within = list.names();
    }

    /**
     * What the document of an event is named. In format 1 that was the event's id, which another ledger's event may have too: the
     * one replaced the other.
     *
     * @param format that of the generation whose document it is
     */
    public static String idOfEvent(int format, String ledger, long sequence, UUID id) {
        return format == 1 ? id.toString() : ledger + ":" + sequence;
    }

    /** Sets a field; it stays as it is for null. */
    @SuppressWarnings("unchecked") // what is within is only put here
    public AuditDocument put(AuditField field, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        List<String> names = field.names();
        if (names.size() <= within.size() || !names.subList(0, within.size()).equals(within)) {
            throw new IllegalArgumentException(field.path() + " is not within " + String.join(".", within));
        }
        Map<String, Object> parent = members;
        for (String name : names.subList(within.size(), names.size() - 1)) {
            parent = (Map<String, Object>) parent.computeIfAbsent(name, absent -> new LinkedHashMap<>());
        }
        parent.put(names.getLast(), value);
        return this;
    }

    /** Its members, those within others as maps: what is written as JSON. */
    public Map<String, Object> members() {
        return members;
    }
}
