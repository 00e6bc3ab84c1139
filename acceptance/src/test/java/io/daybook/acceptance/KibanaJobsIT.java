package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How the event explorer comes into Kibana: by a script, which is a job in compose and in Kubernetes. Neither runs here, so what
 * they would start is started as they say, on what they would mount, with a server that stands in for Kibana.
 */
@ExtendWith(SharedInstallation.class)
class KibanaJobsIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path FOLDER = SavedObjects.FILE.getParent();

    @TempDir
    Path folder;

    private final String version;
    private final int objects;
    private final String taken;

    KibanaJobsIT(TestInstallation daybook) throws Exception {
        String nodes = daybook.sendTo(daybook.port("elasticsearch"), "GET", "/_nodes/_local", "")
                .body();
        version = JSON.readTree(nodes)
                .at("/nodes")
                .iterator()
                .next()
                .path("version")
                .asString();
        objects = SavedObjects.read().all().size();
        taken = "{\"successCount\":%d,\"success\":true,\"warnings\":[]}".formatted(objects);
    }

    private static List<JsonNode> yaml(String file) throws IOException {
        return StreamSupport.stream(
                        new Yaml()
                                .loadAll(Files.readString(FOLDER.resolve(file)))
                                .spliterator(),
                        false)
                .map(document -> JSON.<JsonNode>valueToTree(document))
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private void assertImports(Function<String, ProcessBuilder> start) throws Exception {
        KibanaImport done = KibanaImport.run(start, taken);
        assertThat(done.status()).as(done.output()).isZero();
        assertThat(done.output()).contains("Imported " + objects + " objects");
        assertThat(done.sent())
                .startsWith("POST")
                .contains("kbn-xsrf: daybook", "Authorization: ApiKey secret")
                .contains(Files.readString(SavedObjects.FILE));
    }

    private static ProcessBuilder script(String kibana) {
        return new ProcessBuilder(FOLDER.resolve("import").toString(), kibana);
    }

    /** An import answers 200 even if it took nothing. */
    @Test
    void the_import_waits_sends_the_objects_and_believes_only_what_it_is_told() throws Exception {
        assertImports(KibanaJobsIT::script);

        KibanaImport bad = KibanaImport.run(
                KibanaJobsIT::script,
                "{\"successCount\":3,\"success\":false,\"errors\":[{\"id\":\"a\",\"error\":{\"type\":\"missing_references\"}}]}");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.output()).contains("took 3 of " + objects, "missing_references");

        for (String answer : List.of("{\"successCount\":1,\"success\":true}", "Kibana server is not ready yet")) {
            assertThat(KibanaImport.run(KibanaJobsIT::script, answer).status()).isEqualTo(1);
        }
    }

    /**
     * Starts what a container would start, with the files that it would find.
     *
     * @param mounted the files by their names in the container
     */
    private ProcessBuilder asInContainer(
            List<String> command, Map<String, Path> mounted, String variable, String kibana) {
        List<String> here = new ArrayList<>(command);
        mounted.forEach((name, file) -> {
            Path copy = folder.resolve(name.substring(1));
            try {
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file)); // its mode is not what it was
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            here.replaceAll(word -> word.equals(name) ? copy.toString() : word);
        });
        assertThat(here).isNotEqualTo(command);
        ProcessBuilder process = new ProcessBuilder(here);
        process.environment().put(variable, kibana);
        return process;
    }

    @Test
    void compose_starts_kibana_for_this_machine_only_and_then_the_import() throws Exception {
        JsonNode services = yaml("compose.yaml").getFirst().path("services");
        assertThat(services.propertyNames()).containsExactlyInAnyOrder("kibana", "import");
        assertThat(services).allSatisfy(service -> {
            assertThat(service.path("image").asString()).isEqualTo("kibana:" + version);
            assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
        });
        JsonNode kibana = services.path("kibana");
        assertThat(texts(kibana.path("ports"))).singleElement().asString().startsWith("127.0.0.1:");
        assertThat(kibana.at("/environment/ELASTICSEARCH_HOSTS").asString()).startsWith("${ELASTICSEARCH_URL:?");
        assertThat(texts(kibana.at("/healthcheck/test")).getLast()).endsWith(":5601/api/status");

        JsonNode job = services.path("import");
        assertThat(job.at("/depends_on/kibana/condition").asString()).isEqualTo("service_healthy");
        assertThat(job.path("restart").asString()).isEqualTo("no");
        assertThat(job.at("/environment/KIBANA_URL").asString()).isEqualTo("http://kibana:5601");
        Map<String, Path> mounted = new LinkedHashMap<>();
        for (String volume : texts(job.path("volumes"))) {
            String[] parts = volume.split(":");
            assertThat(parts).hasSize(3).endsWith("ro");
            mounted.put(parts[1], FOLDER.resolve(parts[0]));
        }
        assertImports(address -> asInContainer(texts(job.path("entrypoint")), mounted, "KIBANA_URL", address));
    }

    @Test
    void kubernetes_starts_kibana_within_the_cluster_and_the_import() throws Exception {
        JsonNode kustomization = yaml("kustomization.yaml").getFirst();
        Map<String, List<String>> generated = new LinkedHashMap<>();
        kustomization
                .path("configMapGenerator")
                .forEach(map -> generated.put(
                        map.path("name").asString(),
                        texts(map.has("files") ? map.path("files") : map.path("literals"))));
        assertThat(texts(kustomization.path("resources"))).containsExactly("kubernetes.yaml");
        Map<String, JsonNode> resources = new LinkedHashMap<>();
        yaml("kubernetes.yaml")
                .forEach(resource -> resources.put(resource.path("kind").asString(), resource));
        assertThat(resources).containsOnlyKeys("Deployment", "Service", "Job");

        for (String kind : List.of("Deployment", "Job")) {
            JsonNode pod = resources.get(kind).at("/spec/template/spec");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.path("containers")).singleElement().satisfies(container -> {
                assertThat(container.path("image").asString()).isEqualTo("kibana:" + version);
                assertThat(container.at("/resources/limits").has("memory")).isTrue();
                assertThat(container
                                .at("/securityContext/allowPrivilegeEscalation")
                                .asBoolean(true))
                        .isFalse();
                assertThat(texts(container.at("/securityContext/capabilities/drop")))
                        .containsExactly("ALL");
            });
        }
        JsonNode kibana = resources.get("Deployment").at("/spec/template");
        assertThat(kibana.at("/spec/containers/0").propertyNames())
                .contains("startupProbe", "readinessProbe", "livenessProbe");
        JsonNode hosts = kibana.at("/spec/containers/0/env/0");
        assertThat(hosts.path("name").asString()).isEqualTo("ELASTICSEARCH_HOSTS");
        assertThat(generated.get(hosts.at("/valueFrom/configMapKeyRef/name").asString()))
                .singleElement()
                .asString()
                .startsWith(hosts.at("/valueFrom/configMapKeyRef/key").asString() + "=");
        JsonNode service = resources.get("Service");
        assertThat(service.at("/spec/selector")).isEqualTo(kibana.at("/metadata/labels"));

        JsonNode job = resources.get("Job").at("/spec/template/spec");
        JsonNode container = job.at("/containers/0");
        assertThat(container.at("/env/0/name").asString()).isEqualTo("KIBANA_URL");
        assertThat(container.at("/env/0/value").asString())
                .isEqualTo("http://" + service.at("/metadata/name").asString() + ":"
                        + service.at("/spec/ports/0/port").asString());
        assertThat(container.at("/volumeMounts/0/name")).isEqualTo(job.at("/volumes/0/name"));
        Map<String, Path> mounted = new LinkedHashMap<>();
        for (String file : generated.get(job.at("/volumes/0/configMap/name").asString())) {
            mounted.put(container.at("/volumeMounts/0/mountPath").asString() + "/" + file, FOLDER.resolve(file));
        }
        assertImports(address -> asInContainer(texts(container.path("command")), mounted, "KIBANA_URL", address));
    }
}
