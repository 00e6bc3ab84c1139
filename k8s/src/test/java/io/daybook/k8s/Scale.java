package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How many there are of each part, and what they need. */
final class Scale {

    /** What Kubernetes itself needs on a machine of 8 GiB is a gibibyte. */
    private static final long LOCAL_MEBIBYTES = 7 * 1024;

    private static final Pattern MEMORY = Pattern.compile("(\\d+)(Mi|Gi)");

    private Scale() {}

    static void disruption(Rendering rendering, List<String> violations) {
        rendering.ofKind("PodDisruptionBudget").forEach(budget -> rendering
                .workloads()
                .filter(workload ->
                        Selectors.matches(budget.spec().path("selector"), workload.podLabels()))
                .forEach(workload -> {
                    int replicas = leastReplicas(rendering, workload);
                    int unavailable = budget.spec().has("minAvailable")
                            ? replicas - budget.spec().path("minAvailable").asInt()
                            : budget.spec().path("maxUnavailable").asInt();
                    if (unavailable < 1 || unavailable >= replicas) {
                        violations.add(budget + " lets " + unavailable + " of " + replicas + " be away");
                    }
                }));
        Stream.of("command-side", "projections", "query-side", "gateway")
                .map(part -> rendering.part(part))
                .filter(workload -> leastReplicas(rendering, workload) > 1)
                .filter(workload -> rendering
                        .ofKind("PodDisruptionBudget")
                        .noneMatch(budget -> Selectors.matches(budget.spec().path("selector"), workload.podLabels())))
                .forEach(workload -> violations.add(workload + " has several nodes and no PodDisruptionBudget"));
    }

    static void scaling(Rendering rendering, List<String> violations) {
        Map<String, Integer> deciders = new TreeMap<>();
        Stream.concat(rendering.ofKind("HorizontalPodAutoscaler"), rendering.ofKind("ScaledObject"))
                .forEach(scaler -> {
                    boolean keda = scaler.kind().equals("ScaledObject");
                    String kind =
                            scaler.spec().path("scaleTargetRef").path("kind").asText("Deployment");
                    String name =
                            scaler.spec().path("scaleTargetRef").path("name").asText();
                    int least = scaler.spec()
                            .path(keda ? "minReplicaCount" : "minReplicas")
                            .asInt();
                    int most = scaler.spec()
                            .path(keda ? "maxReplicaCount" : "maxReplicas")
                            .asInt();
                    if (least < 1 || most <= least) {
                        violations.add(scaler + " has from " + least + " to " + most + " replicas");
                    }
                    if (name.equals("projections") && most > segments(rendering)) {
                        violations.add(
                                scaler + " has up to " + most + " replicas for " + segments(rendering) + " segments");
                    }
                    deciders.merge(kind + " " + name, 1, Integer::sum);
                    rendering
                            .find(kind, name)
                            .ifPresentOrElse(
                                    target -> {
                                        if (target.spec().has("replicas")) {
                                            violations.add(
                                                    target + " says how many there are, and " + scaler + " does");
                                        }
                                        if (!keda
                                                && target.podSpec()
                                                        .at("/containers/0/resources/requests/cpu")
                                                        .isMissingNode()) {
                                            violations.add(
                                                    scaler + " compares with a request for processor that is not made");
                                        }
                                    },
                                    () -> violations.add(
                                            scaler + " scales " + kind + " " + name + ", which is not there"));
                });
        deciders.forEach((target, number) -> {
            if (number > 1) {
                violations.add(target + " is scaled by " + number + " at once");
            }
        });
        rendering
                .workloads()
                .filter(workload ->
                        !workload.kind().equals("Job") && !workload.spec().has("replicas"))
                .filter(workload -> !deciders.containsKey(workload.toString()))
                .forEach(workload -> violations.add("nothing says how many there are of " + workload));
    }

    static void resources(Rendering rendering, List<String> violations) {
        long limits = 0;
        for (Resource workload : rendering.workloads().toList()) {
            for (JsonNode container : workload.containers()) {
                JsonNode resources = container.path("resources");
                Rule.require(
                        violations,
                        workload + " requests processor",
                        resources.at("/requests").has("cpu"));
                Rule.require(
                        violations,
                        workload + " requests memory",
                        resources.at("/requests").has("memory"));
                Rule.require(
                        violations,
                        workload + " has a limit of memory",
                        resources.at("/limits").has("memory"));
                long limit = mebibytes(resources.at("/limits/memory").asText());
                Rule.require(
                        violations,
                        workload + " may have what it requests",
                        limit >= mebibytes(resources.at("/requests/memory").asText()));
                // Jobs are over before the others need all they may have.
                limits += workload.kind().equals("Job") ? 0 : limit;
            }
        }
        if (rendering.overlay().equals("local") && limits > LOCAL_MEBIBYTES) {
            violations.add(
                    "local may use " + limits + " MiB; of 8 GiB are " + LOCAL_MEBIBYTES + " left beside the cluster");
        }
    }

    /** A projection is posted by one node at a time, in one segment. More nodes would have nothing to do. */
    private static int segments(Rendering rendering) {
        String run = Settings.of(rendering, rendering.part("projections"))
                .variables()
                .getOrDefault("DAYBOOK_PROJECTIONS_RUN", "");
        return run.split(",").length;
    }

    private static int leastReplicas(Rendering rendering, Resource workload) {
        return rendering.resources().stream()
                .filter(resource -> resource.spec()
                        .path("scaleTargetRef")
                        .path("name")
                        .asText()
                        .equals(workload.name()))
                .map(scaler -> Math.max(
                        scaler.spec().path("minReplicas").asInt(),
                        scaler.spec().path("minReplicaCount").asInt()))
                .findAny()
                .orElseGet(() -> workload.spec().path("replicas").asInt());
    }

    private static long mebibytes(String memory) {
        Matcher matcher = MEMORY.matcher(memory);
        if (!matcher.matches()) {
            return 0;
        }
        return Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("Gi") ? 1024 : 1);
    }
}
