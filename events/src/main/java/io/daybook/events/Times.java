package io.daybook.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as text. Events of one batch have the same time, and to format it for each took a twentieth of a writer's time. */
public final class Times {

    private record Formatted(Instant time, String text) {}

    private static volatile @Nullable Formatted last;

    private Times() {}

    /** As {@link Instant#toString}. */
    public static String text(Instant time) {
        Formatted known = last;
        if (known == null || known.time() != time) {
            known = new Formatted(time, time.toString());
            last = known;
        }
        return known.text();
    }
}
