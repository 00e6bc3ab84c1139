package io.daybook.stores.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A document of the audit, or one within it, as it is being put together. */
public final class AuditDocument {

    private final String within;
    private final Map<String, Object> members = new LinkedHashMap<>();

    /** An empty one. */
    public AuditDocument() {
        this.within = "";
    }

    /**
     * An empty one within another.
     *
     * @param list the field of the other that it is to be an element of
     */
    public AuditDocument(AuditField list) {
        this.within = list.path() + ".";
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
        if (!field.path().startsWith(within)) {
            throw new IllegalArgumentException(field.path() + " is not within " + within);
        }
        String[] names = field.path().substring(within.length()).split("\\.");
        Map<String, Object> parent = members;
        for (int i = 0; i < names.length - 1; i++) {
            parent = (Map<String, Object>) parent.computeIfAbsent(names[i], name -> new LinkedHashMap<>());
        }
        parent.put(names[names.length - 1], value);
        return this;
    }

    /** Its members, those within others as maps: what is written as JSON. */
    public Map<String, Object> members() {
        return members;
    }
}
