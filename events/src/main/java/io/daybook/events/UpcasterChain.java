package io.daybook.events;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads history in today's shape: every name under which an event was ever written leads, step by step, to one of
 * {@link EventType}. Whoever reads stored or published events goes through it; nobody writes through it. So the
 * {@linkplain HashChain hash chain} stays what it was: it is over the original name and data, before any step.
 */
public final class UpcasterChain {

    /**
     * The steps from every version that was ever written to the current ones. So far each event still has its first shape.
     * A new version is a new step here, and a new file beside the old ones in {@code events/src/test/resources/events}.
     */
    private static final UpcasterChain OF_DAYBOOK = new UpcasterChain(List.of());

    private final Map<String, Upcaster> steps = new LinkedHashMap<>();

    /**
     * An event's data in today's shape.
     *
     * @param data as JSON objects are in Java
     */
    public record Upcasted(EventType type, Map<String, Object> data) {}

    /**
     * @throws IllegalArgumentException if the steps do not lead from each of their names to exactly one of today's
     */
    UpcasterChain(List<Upcaster> upcasters) {
        for (Upcaster upcaster : upcasters) {
            if (EventType.isCurrent(upcaster.from())) {
                throw new IllegalArgumentException(
                        "'" + upcaster.from() + "' is a name of today; nothing leads on from it");
            }
            if (steps.put(upcaster.from(), upcaster) != null) {
                throw new IllegalArgumentException("two steps lead on from '" + upcaster.from() + "'");
            }
        }
        steps.keySet().forEach(this::currentType);
    }

    /** The chain for all events that Daybook ever wrote. */
    public static UpcasterChain ofDaybook() {
        return OF_DAYBOOK;
    }

    /** A chain of these steps only; for proofs that chains work. */
    public static UpcasterChain of(Upcaster... upcasters) {
        return new UpcasterChain(List.of(upcasters));
    }

    /**
     * What an event of this name is today.
     *
     * @throws IllegalArgumentException if no version of Daybook up to this one wrote events under that name
     */
    public EventType currentType(String name) {
        String reached = name;
        // A chain cannot be longer than its steps, unless it runs in a circle.
        for (int i = 0; i <= steps.size(); i++) {
            Upcaster step = steps.get(reached);
            if (step == null) {
                return EventType.named(reached);
            }
            reached = step.to();
        }
        throw new IllegalArgumentException("the steps from '" + name + "' run in a circle");
    }

    /** Every name under which events of this kind were ever written, the current one first. */
    public List<String> namesOf(EventType type) {
        List<String> names = new ArrayList<>();
        names.add(type.eventName());
        steps.keySet().stream().filter(name -> currentType(name) == type).forEach(names::add);
        return List.copyOf(names);
    }

    /** Whether data under this name is of an earlier shape, and has to be {@linkplain #upcast upcast}. */
    public boolean needsStep(String name) {
        return steps.containsKey(name);
    }

    /**
     * @param data as it was stored; it may be changed
     * @throws IllegalArgumentException if no version of Daybook up to this one wrote events under that name
     */
    public Upcasted upcast(String name, Map<String, Object> data) {
        EventType type = currentType(name);
        Map<String, Object> reached = data;
        for (Upcaster step = steps.get(name); step != null; step = steps.get(step.to())) {
            reached = step.change().apply(reached);
        }
        return new Upcasted(type, reached);
    }
}
