package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs, with what rights, and how it begins and ends. */
final class Safety {

    /** How long a side takes at most to end, as its image promises. */
    private static final int STOP_SECONDS = 20;

    private static final String VERSION = System.getProperty("daybook.version", "0.1.0-SNAPSHOT");

    private static final Map<String, String> IMAGES = Map.ofEntries(
            Map.entry("command-side", "daybook/command-side"),
            Map.entry("projections", "daybook/projections"),
            Map.entry("query-side", "daybook/query-side"),
            Map.entry("gateway", "daybook/gateway"),
            Map.entry("migrate-event-store", "daybook/command-side"),
            Map.entry("migrate-books", "daybook/projections"),
            Map.entry("event-store", "postgres"),
            Map.entry("books", "postgres"),
            Map.entry("redis", "redis"),
            Map.entry("kafka", "apache/kafka"),
            Map.entry("elasticsearch", "elasticsearch"),
            Map.entry("kibana", "kibana"),
            Map.entry("kibana-import", "kibana"));

    private static final Pattern KEPT = Pattern.compile("keepalive_timeout (\\d+)s");

    private Safety() {}

    static void images(Rendering rendering, List<String> violations) {
        rendering.workloads().forEach(workload -> {
            for (JsonNode container : workload.containers()) {
                String image = container.path("image").asText();
                String name = image.replaceAll(":.*", "");
                String wanted = IMAGES.get(workload.podLabels().get("daybook.io/part"));
                if (!name.equals(wanted)) {
                    violations.add(workload + " has the image " + name + ", not " + wanted);
                }
                String tag = image.contains(":") ? image.substring(image.indexOf(':') + 1) : "";
                if (name.startsWith("daybook/") ? !tag.equals(VERSION) : !tag.matches("\\d[\\d.]*")) {
                    violations.add(workload + " has the image " + name + " in the version \"" + tag + "\"");
                }
            }
        });
    }

    static void security(Rendering rendering, List<String> violations) {
        if (rendering.ofKind("Namespace").noneMatch(namespace -> namespace
                .json()
                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                .asText()
                .equals("restricted"))) {
            violations.add("the namespace does not enforce the profile restricted");
        }
        rendering.workloads().forEach(workload -> {
            JsonNode pod = workload.podSpec();
            Rule.require(
                    violations,
                    workload + " runs as a user",
                    pod.at("/securityContext/runAsNonRoot").asBoolean());
            Rule.require(
                    violations,
                    workload + " has a numeric user",
                    pod.at("/securityContext/runAsUser").asInt() > 0);
            Rule.require(
                    violations,
                    workload + " has the usual filter of system calls",
                    pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"));
            Rule.require(
                    violations,
                    workload + " has no token of the cluster",
                    !pod.path("automountServiceAccountToken").asBoolean(true));
            Rule.require(
                    violations,
                    workload + " has no variables of Services",
                    !pod.path("enableServiceLinks").asBoolean(true));
            for (JsonNode container : workload.containers()) {
                JsonNode context = container.path("securityContext");
                Rule.require(
                        violations,
                        workload + " gets no more rights than it has",
                        !context.path("allowPrivilegeEscalation").asBoolean(true));
                Rule.require(
                        violations,
                        workload + " has no capabilities",
                        context.at("/capabilities/drop/0").asText().equals("ALL")
                                && context.at("/capabilities/add").isMissingNode());
                if (container.path("image").asText().startsWith("daybook/")) {
                    Rule.require(
                            violations,
                            workload + " does not write to its root",
                            context.path("readOnlyRootFilesystem").asBoolean());
                    Rule.require(
                            violations,
                            workload + " is the user of our images",
                            pod.at("/securityContext/runAsUser").asInt() == 10001);
                }
            }
            for (JsonNode volume : pod.path("volumes")) {
                Rule.require(violations, workload + " has nothing of its machine", !volume.has("hostPath"));
            }
        });
    }

    static void life(Rendering rendering, List<String> violations) {
        rendering
                .workloads()
                .filter(workload ->
                        workload.podLabels().getOrDefault("daybook.io/part", "").matches(".*-side|projections|gateway"))
                .forEach(workload -> {
                    JsonNode container = workload.podSpec().at("/containers/0");
                    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                        Rule.require(violations, workload + " has a " + probe, container.has(probe));
                    }
                    int preStop =
                            container.at("/lifecycle/preStop/sleep/seconds").asInt();
                    int grace = workload.podSpec()
                            .path("terminationGracePeriodSeconds")
                            .asInt();
                    Rule.require(violations, workload + " goes on for a while when it is to end", preStop > 0);
                    Rule.require(
                            violations,
                            workload + " has time for preStop, for connections that are kept, and for 20 s of answers",
                            grace >= preStop + drainSeconds(rendering, workload) + STOP_SECONDS + 5);
                    if (workload.kind().equals("Deployment")) {
                        Rule.require(
                                violations,
                                workload + " has a new pod before an old one goes",
                                workload.spec()
                                        .at("/strategy/rollingUpdate/maxUnavailable")
                                        .asText("1")
                                        .equals("0"));
                    }
                    Rule.require(
                            violations,
                            workload + " is spread over machines and zones",
                            workload.podSpec()
                                            .path("topologySpreadConstraints")
                                            .findValuesAsText("topologyKey")
                                            .size()
                                    == 2);
                });
        rendering
                .workloads()
                .filter(workload -> !workload.kind().equals("Job"))
                .forEach(workload -> Rule.require(
                        violations,
                        workload + " is asked whether it is ready",
                        workload.podSpec().at("/containers/0").has("readinessProbe")));
        Settings.SIDES.keySet().forEach(side -> Rule.require(
                violations,
                side + " answers for longer on a connection than the gateway keeps it",
                drainSeconds(rendering, rendering.part(side)) > keptSeconds()));
        Settings.SIDES.keySet().forEach(side -> {
            JsonNode container = rendering.part(side).podSpec().at("/containers/0");
            Rule.require(
                    violations,
                    side + " is asked for its own health",
                    container.at("/livenessProbe/httpGet/path").asText().equals("/health/liveness")
                            && container
                                    .at("/readinessProbe/httpGet/path")
                                    .asText()
                                    .equals("/health/readiness"));
        });
    }

    /** How long it answers on connections that are kept when it ends; 0 if it does not say. */
    private static int drainSeconds(Rendering rendering, Resource workload) {
        String drain = Settings.of(rendering, workload).variables().getOrDefault("DAYBOOK_EDGE_DRAIN", "0s");
        return Integer.parseInt(drain.replaceAll("s$", ""));
    }

    /** How long the gateway keeps a connection that nothing is sent on. */
    private static int keptSeconds() {
        Matcher kept = KEPT.matcher(Kustomize.text("nginx/render"));
        if (!kept.find()) {
            throw new AssertionError("nginx/render does not say how long connections are kept");
        }
        return Integer.parseInt(kept.group(1));
    }

    static void exposure(Rendering rendering, List<String> violations) {
        rendering
                .ofKind("Service")
                .filter(service ->
                        !service.spec().path("type").asText("ClusterIP").equals("ClusterIP"))
                .forEach(service -> {
                    Map<String, String> told =
                            Settings.of(rendering, rendering.part("gateway")).variables();
                    if (!service.name().equals("gateway") || !told.containsKey("DAYBOOK_GATEWAY_TLS")) {
                        violations.add(service + " is shown to others without TLS");
                    }
                });
        rendering.workloads().forEach(workload -> {
            for (JsonNode container : workload.containers()) {
                if (!container.findValues("hostPort").isEmpty()) {
                    violations.add(workload + " has a port of its machine");
                }
            }
        });
    }
}
