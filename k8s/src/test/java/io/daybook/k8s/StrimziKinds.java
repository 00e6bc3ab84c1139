package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Strimzi's kinds, by the schemas that its own generator makes of its classes. */
final class StrimziKinds {

    private static final String MODEL = "io.strimzi.api.kafka.model.";

    private static final Map<String, String> CLASSES = Map.of(
            "Kafka", MODEL + "kafka.Kafka",
            "KafkaNodePool", MODEL + "nodepool.KafkaNodePool");

    private static final Path FOLDER = Path.of("target/strimzi");

    private static final Map<String, JsonSchema> SCHEMAS = new HashMap<>();

    private StrimziKinds() {}

    static boolean has(Resource resource) {
        return resource.apiVersion().startsWith("kafka.strimzi.io/");
    }

    /** What a cluster with Strimzi's definitions would not take of it, or would leave out. */
    static synchronized List<String> violations(Resource resource) {
        if (SCHEMAS.isEmpty()) {
            generate();
        }
        JsonSchema schema = SCHEMAS.get(resource.apiVersion() + " " + resource.kind());
        if (schema == null) {
            return List.of(resource + " is of " + resource.apiVersion() + ", which Strimzi does not have");
        }
        return schema.validate(resource.json()).stream()
                .map(ValidationMessage::getMessage)
                .map(message -> resource + ": " + message)
                .toList();
    }

    private static void generate() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                FOLDER + "/*",
                "io.strimzi.crdgenerator.CrdGenerator",
                "--yaml"));
        CLASSES.forEach((kind, type) -> command.add(type + "=" + definition(kind)));
        try {
            Process generator = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("generator.log").toFile())
                    .start();
            if (generator.waitFor() != 0) {
                throw new AssertionError(Files.readString(FOLDER.resolve("generator.log")));
            }
            ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
            for (String kind : CLASSES.keySet()) {
                JsonNode definition = yaml.readTree(definition(kind).toFile());
                String group = definition.at("/spec/group").asText();
                for (JsonNode version : definition.at("/spec/versions")) {
                    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
                    makeStrict(schema);
                    ((ObjectNode) schema.get("properties")).set("metadata", yaml.createObjectNode());
                    SCHEMAS.put(
                            group + "/" + version.path("name").asText() + " " + kind,
                            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                    .getSchema(schema));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Path definition(String kind) {
        return FOLDER.resolve(kind + ".yaml");
    }

    /** What a definition does not name is left out by the cluster without a word; here it is an error. */
    private static void makeStrict(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            if (object.has("properties")
                    && !object.has("additionalProperties")
                    && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                object.put("additionalProperties", false);
            }
            if (object.path("x-kubernetes-int-or-string").asBoolean()) {
                object.remove("type");
            }
        }
        schema.forEach(StrimziKinds::makeStrict);
    }
}
