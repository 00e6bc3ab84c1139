package io.daybook.k8s;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who has to reach whom: where the sides' settings lead, and the few ways that are no setting of theirs. */
final class Ways {

    private static final int SIDE_PORT = 8080;

    private Ways() {}

    /** As {@code FROM > TO PORT/PROTOCOL}. */
    static Set<String> of(Rendering rendering) {
        Set<String> ways = new TreeSet<>();
        Pods.of(rendering).forEach(pods -> {
            add(ways, pods.part(), "dns", 53);
            ways.add(pods.part() + " > dns 53/UDP");
        });
        add(ways, Network.STRAY, "dns", 53);
        ways.add(Network.STRAY + " > dns 53/UDP");
        rendering
                .workloads()
                .filter(workload -> rendering
                        .find("ServiceAccount", workload.podLabels().getOrDefault("daybook.io/part", ""))
                        .isPresent())
                .forEach(workload -> Addresses.of(Settings.of(rendering, workload))
                        .forEach(address -> add(
                                ways,
                                workload.podLabels().get("daybook.io/part"),
                                Addresses.target(rendering, address)
                                        .map(Addresses.Target::part)
                                        .orElse(address.host()),
                                address.port())));
        Settings.SIDES.keySet().forEach(side -> add(ways, "gateway", side, SIDE_PORT));
        add(ways, "clients", "gateway", SIDE_PORT);
        if (rendering.ofKind("Job").anyMatch(job -> job.name().equals("daybook-kibana-import"))) {
            add(ways, "kibana-import", "kibana", 5601);
            add(ways, "kibana", "elasticsearch", 9200);
        }
        if (rendering.ofKind("ServiceMonitor").findAny().isPresent()) {
            Settings.SIDES.keySet().forEach(side -> add(ways, "prometheus", side, SIDE_PORT));
        }
        return ways;
    }

    private static void add(Set<String> ways, String from, String to, int port) {
        ways.add(from + " > " + to + " " + port + "/TCP");
    }

    static void network(Rendering rendering, List<String> violations) {
        String redis = rendering.find("Secret", "redis").isPresent()
                        || rendering.find("ExternalSecret", "redis").isEmpty()
                ? ""
                : rendering
                        .get("NetworkPolicy", "redis")
                        .json()
                        .at("/spec/egress/0/to/0/ipBlock/cidr")
                        .asText();
        Set<String> open = new Network(rendering, redis).ways();
        Set<String> wanted = of(rendering);
        open.stream()
                .filter(way -> !wanted.contains(way))
                .forEach(way -> violations.add("open, and not needed: " + way));
        wanted.stream()
                .filter(way -> !open.contains(way))
                .forEach(way -> violations.add("needed, and not open: " + way));
    }
}
