package io.daybook.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an overlay comes to.
 *
 * @param overlay its name
 */
record Rendering(String overlay, List<Resource> resources) {

    Stream<Resource> ofKind(String kind) {
        return resources.stream().filter(resource -> resource.kind().equals(kind));
    }

    Stream<Resource> workloads() {
        return resources.stream().filter(Resource::isWorkload);
    }

    Optional<Resource> find(String kind, String name) {
        return ofKind(kind).filter(resource -> resource.name().equals(name)).findAny();
    }

    /**
     * @throws AssertionError if there is none
     */
    Resource get(String kind, String name) {
        return find(kind, name).orElseThrow(() -> new AssertionError(overlay + " has no " + kind + " " + name));
    }

    /** One of its own, which may be damaged. */
    Rendering copy() {
        return new Rendering(
                overlay,
                new ArrayList<>(resources.stream()
                        .map(resource -> new Resource(resource.json().deepCopy()))
                        .toList()));
    }

    /** The workload of one of Daybook's own parts. */
    Resource part(String name) {
        return get(name.equals("command-side") ? "StatefulSet" : "Deployment", name);
    }
}
