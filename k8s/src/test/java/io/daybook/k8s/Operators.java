package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What operators make of their resources: pods, Services and Secrets that are in no rendering, as their documentation tells. */
final class Operators {

    private Operators() {}

    /** A Service of an operator's, with the pods behind it. */
    record MadeService(Pods pods, int port) {}

    static List<Pods> pods(Rendering rendering) {
        List<Pods> pods = new ArrayList<>();
        rendering.resources().forEach(resource -> {
            switch (resource.kind()) {
                case "Cluster" -> pods.add(postgres(resource));
                case "Pooler" -> pods.add(made(resource, "/spec/template/metadata/labels", Map.of("pgbouncer", 5432)));
                case "KafkaNodePool" -> pods.add(kafka(resource));
                case "Elasticsearch" -> pods.add(elasticsearch(resource));
                case "Kibana" -> pods.add(made(resource, "/spec/podTemplate/metadata/labels", Map.of("http", 5601)));
                default -> {}
            }
        });
        return pods;
    }

    /** By their names, as far as they are used. */
    static Map<String, MadeService> services(Rendering rendering) {
        Map<String, MadeService> services = new TreeMap<>();
        rendering.resources().forEach(resource -> {
            String name = resource.name();
            switch (resource.kind()) {
                case "Cluster" -> {
                    for (String kind : List.of("rw", "ro", "r")) {
                        services.put(name + "-" + kind, new MadeService(postgres(resource), 5432));
                    }
                }
                case "Pooler" ->
                    services.put(
                            name,
                            new MadeService(
                                    made(resource, "/spec/template/metadata/labels", Map.of("pgbouncer", 5432)), 5432));
                case "KafkaNodePool" -> {
                    String cluster = resource.json()
                            .at("/metadata/labels/strimzi.io~1cluster")
                            .asText();
                    if (rendering.find("Kafka", cluster).isPresent()) {
                        services.put(cluster + "-kafka-bootstrap", new MadeService(kafka(resource), 9092));
                    }
                }
                case "Elasticsearch" -> services.put(name + "-es-http", new MadeService(elasticsearch(resource), 9200));
                case "Kibana" ->
                    services.put(
                            name + "-kb-http",
                            new MadeService(
                                    made(resource, "/spec/podTemplate/metadata/labels", Map.of("http", 5601)), 5601));
                default -> {}
            }
        });
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

    private static Pods postgres(Resource cluster) {
        return made(
                cluster, "/spec/inheritedMetadata/labels", Map.of("postgresql", 5432, "status", 8000, "metrics", 9187));
    }

    private static Pods kafka(Resource pool) {
        return made(
                pool,
                "/spec/template/pod/metadata/labels",
                Map.of("tcp-clients", 9092, "tcp-ctrlplane", 9090, "tcp-replication", 9091, "tcp-kafkaagent", 8443));
    }

    private static Pods elasticsearch(Resource elasticsearch) {
        return made(
                elasticsearch, "/spec/nodeSets/0/podTemplate/metadata/labels", Map.of("http", 9200, "transport", 9300));
    }

    private static Pods made(Resource resource, String labels, Map<String, Integer> ports) {
        JsonNode given = resource.json().at(labels);
        return new Pods(resource.toString(), new LinkedHashMap<>(Resource.texts(given)), ports);
    }
}
