package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who reaches whom, as the policies of a rendering have it. */
final class Network {

    static final String WORLD = "world";

    /** A pod in the namespace that nobody has thought of. */
    static final String STRAY = "stray";

    private static final String ANYWHERE = "0.0.0.0/0";

    /** Who is outside of the namespace and may have to do with it. */
    private static final List<End> OUTSIDE = List.of(
            outside("dns", "kube-system", Map.of("k8s-app", "kube-dns")),
            new End("clients", false, Map.of(), Map.of("daybook.io/client", "true"), ""),
            outside("prometheus", "monitoring", Map.of("app.kubernetes.io/name", "prometheus")),
            outside("cloudnative-pg", "cnpg-system", Map.of("app.kubernetes.io/name", "cloudnative-pg")),
            outside("strimzi", "strimzi", Map.of("name", "strimzi-cluster-operator")),
            outside("elastic-operator", "elastic-system", Map.of("control-plane", "elastic-operator")),
            outside("cluster-gateway", "gateways", Map.of()),
            new End("others", false, Map.of(), Map.of("kubernetes.io/metadata.name", "others"), ""),
            new End(WORLD, false, Map.of(), Map.of(), ANYWHERE));

    private final List<Resource> policies;
    private final List<End> ends;
    private final Set<String> ports;

    /**
     * Somebody who reaches or is reached.
     *
     * @param inside whether it is in the namespace of the policies
     * @param addresses it is known by, if it is no pod
     */
    private record End(
            String name, boolean inside, Map<String, String> labels, Map<String, String> namespace, String addresses) {}

    private static End outside(String name, String namespace, Map<String, String> labels) {
        return new End(name, false, labels, Map.of("kubernetes.io/metadata.name", namespace), "");
    }

    Network(Rendering rendering) {
        policies = Stream.concat(rendering.ofKind("NetworkPolicy"), Operators.policies(rendering).stream())
                .toList();
        Stream<End> inside = Pods.of(rendering).stream()
                .map(pods -> new End(
                        pods.part(), true, pods.labels(), Map.of("kubernetes.io/metadata.name", "daybook"), ""));
        ends = new ArrayList<>(
                Stream.concat(inside, OUTSIDE.stream()).distinct().toList());
        ends.add(new End(STRAY, true, Map.of(), Map.of("kubernetes.io/metadata.name", "daybook"), ""));
        if (rendering.find("ExternalSecret", "redis").isPresent()) {
            // It is not in the cluster, and known by its addresses.
            ends.add(new End("redis", false, Map.of(), Map.of(), redisAddresses(rendering)));
        }
        ports = new TreeSet<>();
        Pods.of(rendering).forEach(pods -> pods.ports().values().forEach(port -> ports.add(port + "/TCP")));
        policies.forEach(policy ->
                policy.json().findValues("ports").forEach(list -> list.forEach(port -> ports.add(name(port)))));
    }

    private static String redisAddresses(Rendering rendering) {
        return rendering
                .get("NetworkPolicy", "redis")
                .json()
                .at("/spec/egress/0/to/0/ipBlock/cidr")
                .asText();
    }

    private static String name(JsonNode port) {
        return port.path("port").asText() + "/" + port.path("protocol").asText("TCP");
    }

    /** Every way that is open, as {@code FROM > TO PORT/PROTOCOL}; ways between two that are outside are none of ours. */
    Set<String> ways() {
        Set<String> ways = new TreeSet<>();
        for (End from : ends) {
            for (End to : ends) {
                for (String port : ports) {
                    if ((from.inside() || to.inside())
                            && isOpen(from, to, port, "Egress")
                            && isOpen(to, from, port, "Ingress")) {
                        ways.add(from.name() + " > " + to.name() + " " + port);
                    }
                }
            }
        }
        return ways;
    }

    /** Whether {@code end}'s own policies let it have to do with the other; who has none is free. */
    private boolean isOpen(End end, End other, String port, String direction) {
        if (!end.inside()) {
            return true;
        }
        boolean free = true;
        for (Resource policy : policies) {
            if (Selectors.matches(policy.spec().path("podSelector"), end.labels()) && has(policy, direction)) {
                free = false;
                if (lets(policy, other, port, direction)) {
                    return true;
                }
            }
        }
        return free;
    }

    private static boolean has(Resource policy, String direction) {
        for (JsonNode type : policy.spec().path("policyTypes")) {
            if (type.asText().equals(direction)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lets(Resource policy, End other, String port, String direction) {
        boolean egress = direction.equals("Egress");
        for (JsonNode rule : policy.spec().path(egress ? "egress" : "ingress")) {
            boolean portFits = !rule.has("ports");
            for (JsonNode each : rule.path("ports")) {
                portFits |= name(each).equals(port);
            }
            JsonNode peers = rule.path(egress ? "to" : "from");
            boolean peerFits = peers.isEmpty();
            for (JsonNode peer : peers) {
                peerFits |= isPeer(peer, other);
            }
            if (portFits && peerFits) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPeer(JsonNode peer, End other) {
        if (peer.has("ipBlock")) {
            String addresses = peer.at("/ipBlock/cidr").asText();
            // Of those outside, the world stands for all; pods inside are everywhere too.
            return addresses.equals(other.addresses()) || addresses.equals(ANYWHERE) && other.inside();
        }
        if (!other.addresses().isEmpty()) {
            return false;
        }
        boolean namespaceFits = peer.has("namespaceSelector")
                ? Selectors.matches(peer.path("namespaceSelector"), other.namespace())
                : other.inside();
        return namespaceFits
                && (!peer.has("podSelector") || Selectors.matches(peer.path("podSelector"), other.labels()));
    }
}
