package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Whether what is named is there: pods, ports, ConfigMaps, Secrets. */
final class Wiring {

    /** What resources of operators name. */
    private static final List<Reference> REFERENCES = List.of(
            new Reference("Cluster", "/spec/plugins/0/parameters/barmanObjectName", "ObjectStore"),
            new Reference("ObjectStore", "/spec/configuration/s3Credentials/accessKeyId/name", "Secret"),
            new Reference("ObjectStore", "/spec/configuration/s3Credentials/secretAccessKey/name", "Secret"),
            new Reference("Pooler", "/spec/cluster/name", "Cluster"),
            new Reference("ScheduledBackup", "/spec/cluster/name", "Cluster"),
            new Reference("KafkaNodePool", "/metadata/labels/strimzi.io~1cluster", "Kafka"),
            new Reference("Elasticsearch", "/spec/auth/roles/0/secretName", "Secret"),
            new Reference("Kibana", "/spec/elasticsearchRef/name", "Elasticsearch"),
            new Reference("HTTPRoute", "/spec/rules/0/backendRefs/0/name", "Service"),
            new Reference("BackendTLSPolicy", "/spec/targetRefs/0/name", "Service"));

    private record Reference(String kind, String pointer, String target) {}

    private Wiring() {}

    static void selectors(Rendering rendering, List<String> violations) {
        List<Pods> all = Pods.of(rendering);
        all.stream()
                .filter(pods -> pods.part().isEmpty())
                .forEach(pods -> violations.add(pods.maker() + " makes pods without the label daybook.io/part"));
        rendering.workloads().filter(workload -> !workload.kind().equals("Job")).forEach(workload -> {
            List<Pods> selected = selected(all, workload.spec().path("selector"));
            if (!selected.equals(List.of(Pods.ofWorkload(workload)))) {
                violations.add(workload + " selects pods of "
                        + selected.stream().map(Pods::maker).toList());
            }
            for (JsonNode spread : workload.podSpec().path("topologySpreadConstraints")) {
                if (!Selectors.matches(spread.path("labelSelector"), workload.podLabels())) {
                    violations.add(workload + " spreads other pods than its own");
                }
            }
        });
        rendering.ofKind("Service").forEach(service -> {
            long parts = all.stream()
                    .filter(pods ->
                            Selectors.hasAll(pods.labels(), service.spec().path("selector")))
                    .count();
            if (parts != 1) {
                violations.add(service + " selects pods of " + parts + " workloads");
            }
        });
        rendering.ofKind("PodDisruptionBudget").forEach(budget -> {
            if (selected(all, budget.spec().path("selector")).size() != 1) {
                violations.add(budget + " does not select the pods of one workload");
            }
        });
        rendering.ofKind("NetworkPolicy").forEach(policy -> {
            if (selected(all, policy.spec().path("podSelector")).isEmpty()) {
                violations.add(policy + " selects no pods");
            }
        });
        rendering.ofKind("ServiceMonitor").forEach(monitor -> {
            if (rendering
                    .ofKind("Service")
                    .noneMatch(service -> Selectors.matches(
                            monitor.spec().path("selector"),
                            Resource.texts(service.json().at("/metadata/labels"))))) {
                violations.add(monitor + " selects no Service");
            }
        });
    }

    static void ports(Rendering rendering, List<String> violations) {
        List<Pods> all = Pods.of(rendering);
        rendering.ofKind("Service").forEach(service -> {
            for (JsonNode port : service.spec().path("ports")) {
                Optional<Pods> pods = all.stream()
                        .filter(each ->
                                Selectors.hasAll(each.labels(), service.spec().path("selector")))
                        .findFirst();
                int number =
                        pods.map(each -> each.port(port.path("targetPort"))).orElse(0);
                if (number == 0) {
                    violations.add(service + " leads to port " + port.path("targetPort") + ", which its pods have not");
                } else if (service.spec().path("clusterIP").asText().equals("None")
                        && port.path("port").asInt() != number) {
                    violations.add(service + " has no address, so its port has to be that of the pods, " + number);
                }
            }
        });
        rendering.workloads().forEach(workload -> {
            Pods pods = Pods.ofWorkload(workload);
            for (JsonNode container : workload.containers()) {
                for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    for (String way : List.of("httpGet", "tcpSocket")) {
                        JsonNode port = container.path(probe).path(way).path("port");
                        if (!port.isMissingNode() && pods.port(port) == 0) {
                            violations.add(
                                    workload + " has a " + probe + " at " + port + ", which it does not listen at");
                        }
                    }
                }
            }
        });
        Settings.SIDES.keySet().forEach(side -> {
            Resource workload = rendering.part(side);
            String port = Settings.of(rendering, workload).variables().get("SERVER_PORT");
            if (!Map.of("http", port == null ? 0 : Integer.parseInt(port))
                    .equals(Pods.ofWorkload(workload).ports())) {
                violations.add(side + " listens at " + port + ", and says "
                        + Pods.ofWorkload(workload).ports());
            }
        });
        rendering.ofKind("HTTPRoute").forEach(route -> {
            JsonNode backend = route.json().at("/spec/rules/0/backendRefs/0");
            String service = backend.path("name").asText();
            boolean there = rendering
                    .find("Service", service)
                    .filter(found -> found.json().at("/spec/ports").findValuesAsText("port").stream()
                            .anyMatch(backend.path("port").asText()::equals))
                    .isPresent();
            if (!there) {
                violations.add(route + " leads to port " + backend.path("port") + ", which " + service + " has not");
            }
        });
        for (Resource monitor : rendering.ofKind("ServiceMonitor").toList()) {
            List<Resource> services = rendering
                    .ofKind("Service")
                    .filter(service -> Selectors.matches(
                            monitor.spec().path("selector"),
                            Resource.texts(service.json().at("/metadata/labels"))))
                    .toList();
            for (JsonNode endpoint : monitor.spec().path("endpoints")) {
                for (Resource service : services) {
                    if (service.json().at("/spec/ports").findValuesAsText("name").stream()
                            .noneMatch(endpoint.path("port").asText()::equals)) {
                        violations.add(monitor + " asks for a port that " + service + " has not");
                    }
                }
            }
        }
    }

    static void names(Rendering rendering, List<String> violations) {
        Map<String, Set<String>> secrets = new TreeMap<>(Operators.secrets(rendering));
        rendering
                .ofKind("Secret")
                .forEach(secret -> secrets.put(
                        secret.name(),
                        Resource.texts(secret.json().path("data")).keySet()));
        REFERENCES.forEach(reference -> rendering.ofKind(reference.kind()).forEach(resource -> {
            String name = resource.json().at(reference.pointer()).asText();
            boolean there = reference.target().equals("Secret")
                    ? secrets.containsKey(name)
                    : rendering.find(reference.target(), name).isPresent();
            if (!there && !name.isEmpty()) {
                violations.add(resource + " names the " + reference.target() + " " + name + ", which is not there");
            }
        }));
        rendering.workloads().forEach(workload -> {
            BiConsumer<String, Set<String>> needSecret = (name, keys) -> {
                if (!secrets.containsKey(name)) {
                    violations.add(workload + " needs the Secret " + name + ", which nobody makes");
                } else if (!secrets.get(name).containsAll(keys)) {
                    violations.add(workload + " needs " + keys + " of the Secret " + name + ", which has "
                            + secrets.get(name));
                }
            };
            Set<String> volumes = new HashSet<>();
            for (JsonNode volume : workload.podSpec().path("volumes")) {
                volumes.add(volume.path("name").asText());
                needConfigMap(rendering, workload, volume.at("/configMap/name"), violations);
                if (volume.has("secret")) {
                    needSecret.accept(volume.at("/secret/secretName").asText(), keys(volume.path("secret")));
                }
                for (JsonNode source : volume.at("/projected/sources")) {
                    needConfigMap(rendering, workload, source.at("/configMap/name"), violations);
                    needSecret.accept(source.at("/secret/name").asText(), keys(source.path("secret")));
                }
            }
            for (JsonNode claim : workload.spec().path("volumeClaimTemplates")) {
                volumes.add(claim.at("/metadata/name").asText());
            }
            for (JsonNode container : workload.containers()) {
                for (JsonNode source : container.path("envFrom")) {
                    needConfigMap(rendering, workload, source.at("/configMapRef/name"), violations);
                }
                for (JsonNode variable : container.path("env")) {
                    needConfigMap(rendering, workload, variable.at("/valueFrom/configMapKeyRef/name"), violations);
                    JsonNode secret = variable.at("/valueFrom/secretKeyRef");
                    if (secret.has("name") && !secret.path("optional").asBoolean()) {
                        needSecret.accept(
                                secret.path("name").asText(),
                                Set.of(secret.path("key").asText()));
                    }
                }
                for (JsonNode mount : container.path("volumeMounts")) {
                    if (!volumes.contains(mount.path("name").asText())) {
                        violations.add(workload + " mounts " + mount.path("name") + ", which it has not");
                    }
                }
            }
            String account = workload.podSpec().path("serviceAccountName").asText();
            if (!account.isEmpty() && rendering.find("ServiceAccount", account).isEmpty()) {
                violations.add(workload + " runs as " + account + ", which is not there");
            }
            String service = workload.spec().path("serviceName").asText();
            if (workload.kind().equals("StatefulSet")
                    && rendering
                            .find("Service", service)
                            .filter(found ->
                                    found.spec().path("clusterIP").asText().equals("None"))
                            .isEmpty()) {
                violations.add(workload + " needs a Service " + service + " without an address");
            }
        });
    }

    private static List<Pods> selected(List<Pods> all, JsonNode selector) {
        return all.stream().filter(pods -> pods.matches(selector)).toList();
    }

    private static Set<String> keys(JsonNode source) {
        return new TreeSet<>(source.path("items").findValuesAsText("key"));
    }

    private static void needConfigMap(Rendering rendering, Resource workload, JsonNode name, List<String> violations) {
        if (!name.isMissingNode() && rendering.find("ConfigMap", name.asText()).isEmpty()) {
            violations.add(workload + " needs the ConfigMap " + name.asText() + ", which is not there");
        }
    }
}
