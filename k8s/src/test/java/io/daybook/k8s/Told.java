package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the parts are told. */
final class Told {

    private static final JsonNode MIGRATE =
            JsonNodeFactory.instance.arrayNode().add("migrate");

    private Told() {}

    static void settings(Rendering rendering, List<String> violations) {
        Settings.SIDES.keySet().forEach(side -> settings(rendering, rendering.part(side), side, violations));
        Settings.MIGRATIONS.forEach((job, side) -> {
            Resource migration = rendering.get("Job", job);
            settings(rendering, migration, side, violations);
            if (!migration.podSpec().at("/containers/0/args").equals(MIGRATE)) {
                violations.add(job + " does not migrate");
            }
            String told = Settings.of(rendering, rendering.part(side))
                    .variables()
                    .get("DAYBOOK_MIGRATIONS_ATSTART");
            if (!"false".equals(told)) {
                violations.add(side + " migrates at its start too");
            }
        });
    }

    private static void settings(Rendering rendering, Resource workload, String side, List<String> violations) {
        Settings settings = Settings.of(rendering, workload);
        settings.violations(side, !workload.kind().equals("Job")).forEach(violation -> violations.add(workload + ": " + violation));
        if (!settings.areFilesFound(workload)) {
            violations.add(workload + " does not look for its secrets where they are");
        }
    }

    static void addresses(Rendering rendering, List<String> violations) {
        Map<String, String> shared = new HashMap<>();
        Settings.SIDES.keySet().forEach(side -> {
            Settings settings = Settings.of(rendering, rendering.part(side));
            Addresses.of(settings).forEach(address -> {
                boolean unknown = address.host().equals("redis")
                        && rendering.find("ExternalSecret", "redis").isPresent();
                if (!unknown && Addresses.target(rendering, address).isEmpty()) {
                    violations.add(side + " is sent to " + address.host() + ":" + address.port() + ", where nobody is");
                }
            });
            settings.variables().forEach((name, value) -> {
                if (name.matches("DAYBOOK_(KAFKA|ELASTICSEARCH|EVENTSTORE|BOOKS)_.*")
                        && !name.equals("DAYBOOK_BOOKS_REPLICAJDBCURLS")) {
                    String other = shared.putIfAbsent(name, value);
                    if (other != null && !other.equals(value)) {
                        violations.add(name + " is " + value + " for " + side + ", and " + other + " for another");
                    }
                }
            });
        });
    }

    static void gateway(Rendering rendering, List<String> violations) {
        Map<String, String> told =
                Settings.of(rendering, rendering.part("gateway")).variables();
        Resource commands = rendering.part("command-side");
        String domain = ".$(NAMESPACE).svc.cluster.local:8080";
        String nodes = String.join(
                ",",
                IntStream.range(0, commands.spec().path("replicas").asInt())
                        .mapToObj(node -> commands.name() + "-" + node + "."
                                + commands.spec().path("serviceName").asText() + domain)
                        .toList());
        Map.of(
                        "DAYBOOK_GATEWAY_COMMANDS", "shard-1=" + nodes,
                        "DAYBOOK_GATEWAY_QUERIES", "region-1=query-side" + domain,
                        "DAYBOOK_GATEWAY_PROJECTIONS", "projections" + domain)
                .forEach((name, value) -> {
                    if (!value.equals(told.get(name))) {
                        violations.add(name + " is " + told.get(name) + ", not " + value);
                    }
                });
        Stream.of("command-side", "query-side", "projections").forEach(part -> {
            if (!rendering
                    .get("Service", part)
                    .spec()
                    .path("clusterIP")
                    .asText()
                    .equals("None")) {
                violations.add("Service " + part + " hides its nodes behind one address");
            }
        });
        String script = Kustomize.text("nginx/render");
        told.keySet().stream()
                .filter(name -> !name.equals("NAMESPACE") && !script.contains(name))
                .forEach(name -> violations.add("the gateway is told " + name + ", which nginx/render does not know"));
    }
}
