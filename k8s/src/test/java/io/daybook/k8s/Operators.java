package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What operators make of their resources: pods, Services and Secrets that are in no rendering, as their documentation tells. */
final class Operators {

    private Operators() {}

    /** A Service of an operator's, with the pods behind it. */
    record MadeService(Pods pods, int port) {}

    static List<Pods> pods(Rendering rendering) {
        return rendering.resources().stream()
                .flatMap(resource -> podsOf(resource).stream())
                .toList();
    }

    private static Optional<Pods> podsOf(Resource resource) {
        return switch (resource.kind()) {
            case "Cluster" ->
                made(
                        resource,
                        "/spec/inheritedMetadata/labels",
                        Map.of("postgresql", 5432, "status", 8000, "metrics", 9187));
            case "Pooler" -> made(resource, "/spec/template/metadata/labels", Map.of("pgbouncer", 5432));
            case "KafkaNodePool" ->
                made(
                        resource,
                        "/spec/template/pod/metadata/labels",
                        Map.of("clients", 9092, "control-plane", 9090, "replication", 9091, "agent", 8443));
            case "Elasticsearch" ->
                made(
                        resource,
                        "/spec/nodeSets/0/podTemplate/metadata/labels",
                        Map.of("http", 9200, "transport", 9300));
            case "Kibana" -> made(resource, "/spec/podTemplate/metadata/labels", Map.of("http", 5601));
            default -> Optional.empty();
        };
    }

    private static Optional<Pods> made(Resource resource, String labels, Map<String, Integer> ports) {
        return Optional.of(
                new Pods(resource.toString(), Resource.texts(resource.json().at(labels)), ports));
    }

    /** By their names, as far as they are used. */
    static Map<String, MadeService> services(Rendering rendering) {
        Map<String, MadeService> services = new TreeMap<>();
        rendering.resources().forEach(resource -> podsOf(resource).ifPresent(pods -> {
            String name = resource.name();
            switch (resource.kind()) {
                case "Cluster" ->
                    List.of("rw", "ro", "r").forEach(kind -> services.put(name + "-" + kind, new MadeService(pods, 5432)));
                case "Pooler" -> services.put(name, new MadeService(pods, 5432));
                case "KafkaNodePool" ->
                    services.put(
                            resource.json()
                                            .at("/metadata/labels/strimzi.io~1cluster")
                                            .asText() + "-kafka-bootstrap",
                            new MadeService(pods, 9092));
                case "Elasticsearch" -> services.put(name + "-es-http", new MadeService(pods, 9200));
                case "Kibana" -> services.put(name + "-kb-http", new MadeService(pods, 5601));
                default -> throw new AssertionError("what Services " + resource + " has is not known here");
            }
        }));
        return services;
    }

    /** The keys of Secrets that operators make, by their names. */
    static Map<String, Set<String>> secrets(Rendering rendering) {
        Map<String, Set<String>> secrets = new TreeMap<>();
        rendering.resources().forEach(resource -> {
            switch (resource.kind()) {
                case "Cluster" -> secrets.put(resource.name() + "-app", Set.of("username", "password"));
                case "Certificate" ->
                    secrets.put(resource.spec().path("secretName").asText(), Set.of("tls.crt", "tls.key"));
                case "ExternalSecret" ->
                    secrets.put(
                            resource.json().at("/spec/target/name").asText(resource.name()), externalKeys(resource));
                case "Deployment" -> {
                    // Who has a key names its Secret in place of the one that is made by cert-manager.
                    for (JsonNode volume : resource.podSpec().path("volumes")) {
                        String key = volume.at("/secret/secretName").asText();
                        if (volume.path("name").asText().equals("tls") && !key.equals("gateway-tls")) {
                            secrets.put(key, Set.of("tls.crt", "tls.key"));
                        }
                    }
                }
                default -> {}
            }
        });
        return secrets;
    }

    /** Strimzi lets whom a listener names reach it, and everybody if it names nobody. */
    static List<Resource> policies(Rendering rendering) {
        List<Resource> policies = new ArrayList<>();
        rendering.ofKind("Kafka").forEach(kafka -> {
            for (JsonNode listener : kafka.json().at("/spec/kafka/listeners")) {
                ObjectNode policy = JsonNodeFactory.instance.objectNode();
                ObjectNode spec = policy.put("kind", "NetworkPolicy").putObject("spec");
                spec.putObject("podSelector").putObject("matchLabels").put("daybook.io/part", "kafka");
                spec.putArray("policyTypes").add("Ingress");
                ObjectNode rule = spec.putArray("ingress").addObject();
                rule.putArray("ports").addObject().set("port", listener.path("port"));
                rule.set("from", listener.path("networkPolicyPeers"));
                policies.add(new Resource(policy));
            }
        });
        return policies;
    }

    private static Set<String> externalKeys(Resource resource) {
        Set<String> keys = new TreeSet<>();
        resource.spec()
                .path("data")
                .forEach(each -> keys.add(each.path("secretKey").asText()));
        return keys;
    }
}
