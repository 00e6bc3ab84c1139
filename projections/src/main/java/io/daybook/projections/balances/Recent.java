package io.daybook.projections.balances;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of many things those that were asked for or put in last. What a projection has just written it need not read again, if it
 * can tell that nobody else has written meanwhile. Not safe for use by several threads.
 */
final class Recent<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int capacity;

    /**
     * @param capacity how many it keeps
     */
    Recent(int capacity) {
        super(INITIAL_CAPACITY, LOAD_FACTOR, true);
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > capacity;
    }
}
