package io.daybook.k8s;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who has to reach whom: where the settings of Daybook's parts lead, and the ways of what is beside them. */
final class Ways {

    private static final int SIDE_PORT = 8080;

    /** By the kind whose presence asks for them. */
    private static final Map<String, List<String>> BESIDE = Map.of(
            "Cluster",
            List.of(
                    "cloudnative-pg > event-store 5432",
                    "cloudnative-pg > event-store 8000",
                    "cloudnative-pg > books 5432",
                    "cloudnative-pg > books 8000",
                    "event-store > event-store 5432",
                    "event-store > event-store 8000",
                    "books > books 5432",
                    "books > books 8000",
                    "books-pooler > books 5432",
                    // The cluster's API, and where backups are.
                    "event-store > world 443",
                    "event-store > world 6443",
                    "books > world 443",
                    "books > world 6443",
                    "books-pooler > world 443",
                    "books-pooler > world 6443"),
            "Kafka",
            List.of(
                    "strimzi > kafka 9090",
                    "strimzi > kafka 9091",
                    "strimzi > kafka 8443",
                    "kafka > kafka 9090",
                    "kafka > kafka 9091",
                    // The cluster's API, which knows the zones.
                    "kafka > world 443",
                    "kafka > world 6443"),
            "Elasticsearch",
            List.of(
                    "elastic-operator > elasticsearch 9200",
                    "elasticsearch > elasticsearch 9200",
                    "elasticsearch > elasticsearch 9300"),
            "Kibana",
            List.of("kibana > elasticsearch 9200"),
            "ServiceMonitor",
            List.of("prometheus > command-side 8080", "prometheus > projections 8080", "prometheus > query-side 8080"));

    private Ways() {}

    /** As {@code FROM > TO PORT/PROTOCOL}. */
    static Set<String> of(Rendering rendering) {
        Set<String> ways = new TreeSet<>();
        Pods.of(rendering).forEach(pods -> addDns(ways, pods.part()));
        addDns(ways, Network.STRAY);
        Settings.SIDES.keySet().forEach(side -> addAddresses(ways, rendering, rendering.part(side)));
        // They are told of more, and ask their database alone.
        add(ways, "migrate-event-store > event-store 5432");
        add(ways, "migrate-books > books 5432");
        Settings.SIDES.keySet().forEach(side -> add(ways, "gateway > " + side + " " + SIDE_PORT));
        add(ways, "clients > gateway " + SIDE_PORT);
        if (isExposed(rendering)) {
            addExposed(ways, rendering);
        }
        BESIDE.forEach((kind, beside) -> {
            if (rendering.ofKind(kind).findAny().isPresent()) {
                beside.forEach(way -> add(ways, way));
            }
        });
        if (rendering.find("Job", "daybook-kibana-import").isPresent()) {
            add(ways, "kibana-import > kibana 5601");
            add(ways, "kibana > elasticsearch 9200");
        }
        return ways;
    }

    private static void addDns(Set<String> ways, String from) {
        add(ways, from + " > dns 53");
        ways.add(from + " > dns 53/UDP");
    }

    private static void addAddresses(Set<String> ways, Rendering rendering, Resource workload) {
        String from = workload.podLabels().get("daybook.io/part");
        Addresses.of(Settings.of(rendering, workload)).forEach(address -> {
            String to = Addresses.target(rendering, address)
                    .map(Addresses.Target::part)
                    .orElse(address.host());
            add(ways, from + " > " + to + " " + address.port());
        });
    }

    private static boolean isExposed(Rendering rendering) {
        return Settings.of(rendering, rendering.part("gateway")).variables().containsKey("DAYBOOK_GATEWAY_TLS");
    }

    /** By TLS, and by HTTP, which only sends on to it; or through a Gateway of the cluster. */
    private static void addExposed(Set<String> ways, Rendering rendering) {
        if (rendering.ofKind("HTTPRoute").findAny().isPresent()) {
            add(ways, "cluster-gateway > gateway 8443");
            return;
        }
        add(ways, "world > gateway 8080");
        add(ways, "world > gateway 8443");
    }

    private static void add(Set<String> ways, String way) {
        ways.add(way + "/TCP");
    }

    static void network(Rendering rendering, List<String> violations) {
        Set<String> open = new Network(rendering).ways();
        Set<String> wanted = of(rendering);
        open.stream()
                .filter(way -> !wanted.contains(way))
                .forEach(way -> violations.add("open, and not needed: " + way));
        wanted.stream()
                .filter(way -> !open.contains(way))
                .forEach(way -> violations.add("needed, and not open: " + way));
    }
}
