package io.daybook.k8s;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kubernetes' own kinds, by the models of its client: a field that they do not have, or of another type, is an error. */
final class BuiltInKinds {

    /** Those that are used here. */
    private static final Map<String, String> MODELS = Map.ofEntries(
            Map.entry("v1 ConfigMap", "V1ConfigMap"),
            Map.entry("v1 Namespace", "V1Namespace"),
            Map.entry("v1 Secret", "V1Secret"),
            Map.entry("v1 Service", "V1Service"),
            Map.entry("v1 ServiceAccount", "V1ServiceAccount"),
            Map.entry("apps/v1 Deployment", "V1Deployment"),
            Map.entry("apps/v1 StatefulSet", "V1StatefulSet"),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"),
            Map.entry("batch/v1 Job", "V1Job"),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", "V1NetworkPolicy"),
            Map.entry("policy/v1 PodDisruptionBudget", "V1PodDisruptionBudget"));

    private static final Gson GSON = gson();

    private BuiltInKinds() {}

    /** Its adapters are there when one of them was made. */
    private static Gson gson() {
        new JSON();
        return JSON.getGson();
    }

    static boolean has(Resource resource) {
        return MODELS.containsKey(resource.apiVersion() + " " + resource.kind());
    }

    /** What a cluster would not take of it. */
    static List<String> violations(Resource resource) {
        String json = resource.json().toString();
        return violations(resource.toString(), json, MODELS.get(resource.apiVersion() + " " + resource.kind()));
    }

    /** What a cluster would not take of a template of pods, which a kind of somebody else's has within it. */
    static List<String> podTemplateViolations(String whose, String json) {
        return violations(whose, json, "V1PodTemplateSpec");
    }

    private static List<String> violations(String whose, String json, String model) {
        JsonElement given = JsonParser.parseString(json);
        List<String> violations = new ArrayList<>();
        try {
            Class<?> type = Class.forName("io.kubernetes.client.openapi.models." + model);
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, given);
            compare(whose, given, GSON.toJsonTree(GSON.fromJson(given, type)), violations);
        } catch (InvocationTargetException e) {
            violations.add(whose + ": " + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        } catch (RuntimeException e) {
            violations.add(whose + ": " + e.getMessage());
        }
        return violations;
    }

    /** The client reads a text as a number where one is asked for; a cluster does not. */
    private static void compare(String path, JsonElement given, JsonElement taken, List<String> violations) {
        if (given instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                String name = path + "." + member.getKey();
                if (taken instanceof JsonObject other && other.has(member.getKey())) {
                    compare(name, member.getValue(), other.get(member.getKey()), violations);
                } else if (!member.getValue().isJsonNull() && !isEmpty(member.getValue())) {
                    violations.add(name + " is not taken");
                }
            }
        } else if (given.isJsonArray() && taken.isJsonArray()) {
            for (int i = 0; i < given.getAsJsonArray().size(); i++) {
                compare(
                        path + "[" + i + "]",
                        given.getAsJsonArray().get(i),
                        taken.getAsJsonArray().get(i),
                        violations);
            }
        } else if (given.isJsonPrimitive() != taken.isJsonPrimitive()
                || given.isJsonPrimitive()
                        && given.getAsJsonPrimitive().isString()
                                != taken.getAsJsonPrimitive().isString()) {
            violations.add(path + " is " + given + ", of another type than " + taken);
        }
    }

    private static boolean isEmpty(JsonElement element) {
        return element instanceof JsonObject object && object.isEmpty();
    }
}
