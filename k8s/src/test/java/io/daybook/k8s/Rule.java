package io.daybook.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What has to be so of every rendering. */
enum Rule {

    /** A cluster would take each resource as it is. */
    SCHEMAS(Schemas::schemas),

    /** What selects pods selects those of one part, and some. */
    SELECTORS(Wiring::selectors),

    /** A port that is named is a port that is there. */
    PORTS(Wiring::ports),

    /** ConfigMaps, Secrets with their keys, accounts and mounted volumes that are named are there. */
    NAMES(Wiring::names),

    /** A node can be emptied, and something is left meanwhile. */
    DISRUPTION(Scale::disruption),

    /** One thing at most decides how many there are, within bounds that make sense. */
    SCALING(Scale::scaling),

    /** Every container says what it needs, and local fits on the machine that it is for. */
    RESOURCES(Scale::resources),

    /** Images are those that are made here, of this version, and official ones, of a version. */
    IMAGES(Safety::images),

    /** Sides and migration are told what they know, all of it, and what they start with. */
    SETTINGS(Told::settings),

    /** Addresses in settings lead to the stores, and sides that share a store are told the same of it. */
    ADDRESSES(Told::addresses),

    /** The gateway knows each node of the command side by its name, and the other sides by theirs. */
    GATEWAY(Told::gateway),

    /** Nothing runs with more rights than it needs: the profile "restricted", and a root that is not written to. */
    SECURITY(Safety::security),

    /** What runs on is asked whether it lives and is ready, and is replaced and ended without losing a request. */
    LIFE(Safety::life),

    /** Whoever is outside reaches the gateway alone, by TLS. */
    EXPOSURE(Safety::exposure),

    /** Pods reach whom their settings name, and operators and Prometheus their own, and nobody else. */
    NETWORK(Ways::network);

    private final BiConsumer<Rendering, List<String>> check;

    Rule(BiConsumer<Rendering, List<String>> check) {
        this.check = check;
    }

    /** Adds a violation if something that should be so is not. */
    static void require(List<String> violations, String what, boolean so) {
        if (!so) {
            violations.add("it is not so that " + what);
        }
    }

    /** What is not so; empty if all is well. */
    List<String> violations(Rendering rendering) {
        List<String> violations = new ArrayList<>();
        check.accept(rendering, violations);
        return violations;
    }
}
