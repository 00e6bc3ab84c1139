package io.daybook.query.store;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Narrows a list to what has some metadata. */
public final class MetadataFilter {

    private static final String VALUE = "metadata";

    private MetadataFilter() {}

    /**
     * A condition that begins with {@code and}, or nothing if anything will do.
     *
     * @param column whose metadata; told that it is not empty, as only such are in the index
     * @param wanted by key
     * @param values of the statement; the condition's own is added
     */
    public static String condition(String column, Map<String, String> wanted, Map<String, Object> values) {
        if (wanted.isEmpty()) {
            return "";
        }
        values.put(VALUE, JsonMapper.shared().writeValueAsString(wanted));
        return " and " + column + " <> '{}' and " + column + " @> :" + VALUE + "::jsonb";
    }
}
