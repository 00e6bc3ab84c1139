package io.daybook.projections.projection;

import java.util.List;

/** Two generations as they were at a moment. Both may be posted to while they are compared. */
@FunctionalInterface
public interface Comparison extends AutoCloseable {

    /** Where the one aside is not what the live one is; some examples are enough. */
    List<String> differences() throws Exception;

    @Override
    default void close() throws Exception {}
}
