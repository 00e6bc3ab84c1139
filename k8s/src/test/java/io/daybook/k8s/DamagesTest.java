package io.daybook.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what it is there for, in a rendering that was damaged. */
class DamagesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param found a part of what the rule says
     */
    record Damage(String overlay, Rule rule, String what, Consumer<Rendering> done, String found) {

        @Override
        public String toString() {
            return rule + ": " + what;
        }
    }

    @BeforeAll
    static void kubectl() {
        Kustomize.assumeInstalled();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void a_damage_is_found(Damage damage) {
        Rendering damaged = Overlays.renderings().get(damage.overlay()).copy();
        damage.done().accept(damaged);
        assertThat(String.join("\n", damage.rule().violations(damaged))).contains(damage.found());
    }

    @Test
    void each_rule_is_shown_to_find_something() {
        assertThat(damages().map(Damage::rule).distinct()).containsExactlyInAnyOrder(Rule.values());
    }

    static Stream<Damage> damages() {
        return Stream.of(schemas(), wiring(), scale(), safety(), told(), network()).flatMap(List::stream);
    }

    private static List<Damage> schemas() {
        return List.of(
                local(Rule.SCHEMAS, "a field that no container has", set("Deployment/query-side", CONTAINER + "/cmd", "[]"), "cmd"),
                local(Rule.SCHEMAS, "a field that no probe has", set("Deployment/query-side", CONTAINER + "/readinessProbe/retries", "3"), "retries"),
                local(Rule.SCHEMAS, "a number as a text", set("Deployment/query-side", "/spec/replicas", "'1'"), "another type"),
                local(Rule.SCHEMAS, "a text for a number", set("Deployment/query-side", "/spec/replicas", "'two'"), "two"),
                local(Rule.SCHEMAS, "a number as an environment variable", set("Deployment/gateway", CONTAINER + "/env/1/value", "8080"), "another type"),
                local(Rule.SCHEMAS, "no selector", remove("Deployment/query-side", "/spec/selector"), "selector"),
                local(Rule.SCHEMAS, "a version that there is not", set("Deployment/query-side", "/apiVersion", "'apps/v1beta1'"), "apps/v1beta1"),
                local(Rule.SCHEMAS, "a policy's misspelt peer", set("NetworkPolicy/gateway", "/spec/ingress/0/from/0/podSelectors", "{}"), "podSelectors"),
                production(Rule.SCHEMAS, "a field that Strimzi does not know", set("Kafka/daybook", "/spec/kafka/replicas", "3"), "replicas"),
                production(Rule.SCHEMAS, "a role that no node of Kafka has", set("KafkaNodePool/brokers", "/spec/roles/0", "'brokers'"), "brokers"),
                production(Rule.SCHEMAS, "an old version of Strimzi's", set("Kafka/daybook", "/apiVersion", "'kafka.strimzi.io/v1beta2'"), "v1beta2"),
                production(Rule.SCHEMAS, "a field that CloudNativePG does not know", set("Cluster/books", "/spec/replicas", "3"), "replicas"),
                production(Rule.SCHEMAS, "a way that CloudNativePG does not know", set("Cluster/books", "/spec/postgresql/synchronous/method", "'quorum'"), "none of"),
                production(Rule.SCHEMAS, "no number of standbys", remove("Cluster/books", "/spec/postgresql/synchronous/number"), "lacks spec.postgresql.synchronous.number"),
                production(Rule.SCHEMAS, "a parameter that is no text", set("Cluster/books", "/spec/postgresql/parameters/jit", "false"), "no texts"),
                production(Rule.SCHEMAS, "a field that ECK does not know", set("Elasticsearch/daybook", "/spec/nodeSets/0/replicas", "3"), "replicas"),
                production(Rule.SCHEMAS, "a misspelt field of an operator's pods", set("Elasticsearch/daybook", "/spec/nodeSets/0/podTemplate/spec/container", "[]"), "container"),
                production(Rule.SCHEMAS, "a number where KEDA wants a text", set("ScaledObject/projections", "/spec/triggers/0/metadata/threshold", "20000"), "no texts"),
                production(Rule.SCHEMAS, "a certificate without its Secret", remove("Certificate/gateway", "/spec/secretName"), "lacks spec.secretName"),
                production(Rule.SCHEMAS, "an external secret of nowhere", remove("ExternalSecret/redis", "/spec/data/0/remoteRef"), "lacks spec.data[].remoteRef"),
                production(Rule.SCHEMAS, "a monitor of nothing", remove("ServiceMonitor/daybook", "/spec/selector"), "lacks spec.selector"),
                behindGateway(Rule.SCHEMAS, "a route to a text for a port", set("HTTPRoute/gateway", "/spec/rules/0/backendRefs/0/port", "'https'"), "no integer"));
    }

    private static List<Damage> wiring() {
        return List.of(
                local(Rule.SELECTORS, "a Service of nobody", set("Service/query-side", "/spec/selector", "{'daybook.io/part': 'queries'}"), "selects pods of 0"),
                local(Rule.SELECTORS, "a Service of everybody", set("Service/query-side", "/spec/selector", "{}"), "Service query-side selects pods of 1"),
                local(Rule.SELECTORS, "a workload that does not know its pods", set("Deployment/query-side", "/spec/selector/matchLabels/daybook.io~1part", "'gateway'"), "Deployment query-side selects pods"),
                local(Rule.SELECTORS, "a policy for nobody", set("NetworkPolicy/gateway", "/spec/podSelector/matchLabels", "{'daybook.io/part': 'gate'}"), "selects no pods"),
                local(Rule.SELECTORS, "pods that are no part", remove("Deployment/daybook-kibana", "/spec/template/metadata/labels/daybook.io~1part"), "without the label"),
                local(Rule.SELECTORS, "spreading of others", set("Deployment/query-side", "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels", "{'daybook.io/part': 'gateway'}"), "spreads other pods"),
                production(Rule.SELECTORS, "a budget for nobody", set("PodDisruptionBudget/gateway", "/spec/selector/matchLabels", "{'daybook.io/part': 'gate'}"), "does not select"),
                production(Rule.SELECTORS, "a monitor of no Service", set("ServiceMonitor/daybook", "/spec/selector/matchExpressions/0/values", "['commands']"), "selects no Service"),
                local(Rule.PORTS, "a Service of a port that is not there", set("Service/query-side", "/spec/ports/0/targetPort", "'web'"), "which its pods have not"),
                local(Rule.PORTS, "a Service without an address that has another port", set("Service/query-side", "/spec/ports/0/port", "80"), "has to be that of the pods"),
                local(Rule.PORTS, "a probe at no port", set("Deployment/query-side", CONTAINER + "/livenessProbe/httpGet/port", "'web'"), "does not listen"),
                local(Rule.PORTS, "a side that listens elsewhere", data("query-side", "SERVER_PORT", "8081"), "query-side listens at 8081"),
                production(Rule.PORTS, "a monitor of a port that is not there", set("ServiceMonitor/daybook", "/spec/endpoints/0/port", "'metrics'"), "asks for a port"),
                local(Rule.NAMES, "settings of nowhere", set("Deployment/query-side", CONTAINER + "/envFrom/0/configMapRef/name", "'query-side'"), "needs the ConfigMap query-side"),
                local(Rule.NAMES, "a key that the Secret does not have", set("Deployment/query-side", SECRETS + "/0/secret/items/0/key", "'user'"), "needs [password, user] of the Secret"),
                local(Rule.NAMES, "a Secret of nowhere", set("Deployment/query-side", SECRETS + "/0/secret/name", "'books'"), "the Secret books, which nobody makes"),
                production(Rule.NAMES, "a Secret that no operator makes", set("Deployment/query-side", SECRETS + "/0/secret/name", "'books'"), "the Secret books, which nobody makes"),
                production(Rule.NAMES, "backups without their keys", gone("ExternalSecret/backups"), "names the Secret backups"),
                production(Rule.NAMES, "a pooler of nothing", set("Pooler/books-pooler", "/spec/cluster/name", "'book'"), "names the Cluster book"),
                production(Rule.NAMES, "nodes of no Kafka", set("KafkaNodePool/brokers", "/metadata/labels/strimzi.io~1cluster", "'kafka'"), "names the Kafka kafka"),
                behindGateway(Rule.PORTS, "a route to no port", set("HTTPRoute/gateway", "/spec/rules/0/backendRefs/0/port", "8443"), "leads to port 8443"),
                local(Rule.NAMES, "a volume that is not there", set("Deployment/query-side", CONTAINER + "/volumeMounts/0/name", "'files'"), "mounts \"files\""),
                local(Rule.NAMES, "an account that is not there", set("Deployment/query-side", "/spec/template/spec/serviceAccountName", "'queries'"), "runs as queries"),
                local(Rule.NAMES, "nodes without names", set("Service/command-side", "/spec/clusterIP", "''"), "needs a Service command-side without an address"));
    }

    private static List<Damage> scale() {
        return List.of(
                production(Rule.DISRUPTION, "a budget that lets nothing go", set("PodDisruptionBudget/gateway", "/spec", "{'minAvailable': 2, 'selector': {'matchLabels': {'daybook.io/part': 'gateway'}}}"), "lets 0 of 2"),
                production(Rule.DISRUPTION, "a budget that lets all go", set("PodDisruptionBudget/gateway", "/spec/maxUnavailable", "2"), "lets 2 of 2"),
                production(Rule.DISRUPTION, "one node that is all there is", set("StatefulSet/command-side", "/spec/replicas", "1"), "lets 1 of 1"),
                production(Rule.DISRUPTION, "no budget", gone("PodDisruptionBudget/gateway"), "no PodDisruptionBudget"),
                production(Rule.SCALING, "more nodes than segments", set("ScaledObject/projections", "/spec/maxReplicaCount", "4"), "4 replicas for 3 segments"),
                production(Rule.SCALING, "more nodes than segments that they run", data("projections", "DAYBOOK_PROJECTIONS_RUN", "books,audit"), "3 replicas for 2 segments"),
                production(Rule.SCALING, "two that scale the same", set("HorizontalPodAutoscaler/query-side", "/spec/scaleTargetRef/name", "'projections'"), "scaled by 2 at once"),
                production(Rule.SCALING, "bounds the wrong way round", set("HorizontalPodAutoscaler/query-side", "/spec/minReplicas", "9"), "from 9 to 8"),
                production(Rule.SCALING, "a number beside what scales", set("Deployment/query-side", "/spec/replicas", "2"), "says how many there are, and"),
                production(Rule.SCALING, "nothing to compare with", remove("Deployment/query-side", CONTAINER + "/resources/requests/cpu"), "is not made"),
                production(Rule.SCALING, "what scales what is not there", set("HorizontalPodAutoscaler/query-side", "/spec/scaleTargetRef/name", "'queries'"), "which is not there"),
                production(Rule.SCALING, "no number at all", gone("HorizontalPodAutoscaler/query-side"), "nothing says how many"),
                local(Rule.RESOURCES, "no request", remove("Deployment/query-side", CONTAINER + "/resources/requests/memory"), "requests memory"),
                local(Rule.RESOURCES, "no limit", remove("Deployment/query-side", CONTAINER + "/resources/limits"), "limit of memory"),
                local(Rule.RESOURCES, "a limit below the request", set("Deployment/query-side", CONTAINER + "/resources/limits/memory", "'64Mi'"), "may have what it requests"),
                local(Rule.RESOURCES, "more than the machine has", set("StatefulSet/elasticsearch", CONTAINER + "/resources/limits/memory", "'4Gi'"), "local may use"));
    }

    private static List<Damage> safety() {
        return List.of(
                local(Rule.IMAGES, "an image of somebody's", set("Deployment/query-side", CONTAINER + "/image", "'queries:0.1.0'"), "not daybook/query-side"),
                local(Rule.IMAGES, "an image of another version", set("Deployment/query-side", CONTAINER + "/image", "'daybook/query-side:0.0.9'"), "in the version \"0.0.9\""),
                local(Rule.IMAGES, "whatever is newest", set("StatefulSet/redis", CONTAINER + "/image", "'redis'"), "in the version \"\""),
                local(Rule.SECURITY, "a namespace that takes all", remove("Namespace/daybook", "/metadata/labels/pod-security.kubernetes.io~1enforce"), "profile restricted"),
                local(Rule.SECURITY, "root", set("Deployment/query-side", "/spec/template/spec/securityContext/runAsNonRoot", "false"), "runs as a user"),
                local(Rule.SECURITY, "another user than that of the images", set("Deployment/query-side", "/spec/template/spec/securityContext/runAsUser", "1000"), "is the user of our images"),
                local(Rule.SECURITY, "a user with a name only", remove("StatefulSet/redis", "/spec/template/spec/securityContext/runAsUser"), "numeric user"),
                local(Rule.SECURITY, "all system calls", remove("Deployment/query-side", "/spec/template/spec/securityContext/seccompProfile"), "system calls"),
                local(Rule.SECURITY, "a token", remove("Deployment/query-side", "/spec/template/spec/automountServiceAccountToken"), "no token"),
                local(Rule.SECURITY, "variables of Services", remove("StatefulSet/kafka", "/spec/template/spec/enableServiceLinks"), "no variables of Services"),
                local(Rule.SECURITY, "more rights", remove("StatefulSet/kafka", CONTAINER + "/securityContext/allowPrivilegeEscalation"), "no more rights"),
                local(Rule.SECURITY, "capabilities", set("StatefulSet/kafka", CONTAINER + "/securityContext/capabilities", "{'drop': ['ALL'], 'add': ['CHOWN']}"), "no capabilities"),
                local(Rule.SECURITY, "a root that is written to", remove("Deployment/gateway", CONTAINER + "/securityContext/readOnlyRootFilesystem"), "does not write to its root"),
                local(Rule.SECURITY, "a folder of the machine", add("Deployment/gateway", "/spec/template/spec/volumes", "{'name': 'host', 'hostPath': {'path': '/'}}"), "nothing of its machine"),
                local(Rule.LIFE, "no probe", remove("Deployment/query-side", CONTAINER + "/startupProbe"), "has a startupProbe"),
                local(Rule.LIFE, "a store that nobody asks", remove("StatefulSet/kafka", CONTAINER + "/readinessProbe"), "asked whether it is ready"),
                local(Rule.LIFE, "the health of the stores for its own", set("Deployment/query-side", CONTAINER + "/livenessProbe/httpGet/path", "'/health/readiness'"), "its own health"),
                local(Rule.LIFE, "an end at once", remove("Deployment/query-side", CONTAINER + "/lifecycle"), "goes on for a while"),
                local(Rule.LIFE, "no time to end", set("Deployment/query-side", "/spec/template/spec/terminationGracePeriodSeconds", "60"), "20 s of answers"),
                local(Rule.LIFE, "connections that are closed in the gateway's face", data("query-side", "DAYBOOK_EDGE_DRAIN", "4s"), "than the gateway keeps it"),
                local(Rule.LIFE, "an old pod that goes first", set("Deployment/query-side", "/spec/strategy/rollingUpdate/maxUnavailable", "1"), "before an old one goes"),
                local(Rule.LIFE, "all on one machine", remove("Deployment/query-side", "/spec/template/spec/topologySpreadConstraints"), "is spread"),
                local(Rule.EXPOSURE, "the gateway without TLS", set("Service/gateway", "/spec/type", "'LoadBalancer'"), "without TLS"),
                production(Rule.EXPOSURE, "a side", set("Service/query-side", "/spec/type", "'NodePort'"), "without TLS"),
                local(Rule.EXPOSURE, "a port of the machine", set("Deployment/gateway", CONTAINER + "/ports/0/hostPort", "80"), "a port of its machine"));
    }

    private static List<Damage> told() {
        return List.of(
                local(Rule.SETTINGS, "a misspelt variable", data("query-side", "DAYBOOK_QUERIES_POOL_SIZE", "8"), "is told DAYBOOK_QUERIES_POOL_SIZE"),
                local(Rule.SETTINGS, "a variable of another side", data("query-side", "DAYBOOK_COMMANDS_WRITERS", "2"), "is told DAYBOOK_COMMANDS_WRITERS"),
                local(Rule.SETTINGS, "a value out of its bounds", data("query-side", "DAYBOOK_QUERIES_POOLSIZE", "0"), "daybook.queries.pool-size is 0"),
                local(Rule.SETTINGS, "no word where there should be a time", data("projections", "DAYBOOK_REPLAYS_PATIENCE", "soon"), "would not start"),
                local(Rule.SETTINGS, "no Kafka", data("command-side", "DAYBOOK_KAFKA_BOOTSTRAPSERVERS", ""), "daybook.kafka.bootstrap-servers is not set"),
                local(Rule.SETTINGS, "a setting that nobody can see", noData("projections", "DAYBOOK_GUARD_PAUSE"), "is not told daybook.guard.pause"),
                local(Rule.SETTINGS, "no password", remove("Deployment/projections", SECRETS + "/1/secret/items/1"), "is not told daybook.books.password"),
                local(Rule.SETTINGS, "a file that is no property", set("Deployment/projections", SECRETS + "/1/secret/items/1/path", "'daybook.books.pass'"), "is none of its properties"),
                local(Rule.SETTINGS, "secrets elsewhere", set("Deployment/projections", CONTAINER + "/volumeMounts/0/mountPath", "'/run/secrets'"), "look for its secrets"),
                local(Rule.SETTINGS, "a job that does something else", set("Job/migrate-books", CONTAINER + "/args/0", "'serve'"), "does not migrate"),
                local(Rule.SETTINGS, "each node migrates", data("projections", "DAYBOOK_MIGRATIONS_ATSTART", "true"), "projections migrates at its start"),
                local(Rule.ADDRESSES, "a store that is not there", data("query-side", "DAYBOOK_BOOKS_JDBCURL", "jdbc:postgresql://book:5432/daybook"), "sent to book:5432"),
                local(Rule.ADDRESSES, "a port that is not there", data("query-side", "DAYBOOK_ELASTICSEARCH_URI", "http://elasticsearch:9300"), "sent to elasticsearch:9300"),
                production(Rule.ADDRESSES, "a store that no operator makes", data("query-side", "DAYBOOK_BOOKS_REPLICAJDBCURLS", "jdbc:postgresql://books:5432/daybook"), "sent to books:5432"),
                local(Rule.ADDRESSES, "two Kafkas", data("query-side", "DAYBOOK_KAFKA_TOPICPREFIX", "other"), "DAYBOOK_KAFKA_TOPICPREFIX is"),
                production(Rule.GATEWAY, "a node that the gateway does not know", set("StatefulSet/command-side", "/spec/replicas", "3"), "command-side-2"),
                local(Rule.GATEWAY, "nodes behind one address", remove("Service/query-side", "/spec/clusterIP"), "hides its nodes"),
                local(Rule.GATEWAY, "a variable that it does not know", data("gateway", "DAYBOOK_GATEWAY_PORT", "8080"), "DAYBOOK_GATEWAY_PORT, which"));
    }

    private static List<Damage> network() {
        return List.of(
                local(Rule.NETWORK, "nothing denies the rest", gone("NetworkPolicy/nothing-else"), "open, and not needed: others > stray"),
                local(Rule.NETWORK, "a store for everybody", set("NetworkPolicy/event-store", "/spec/ingress/0/from", "[]"), "open, and not needed: others > event-store 5432"),
                local(Rule.NETWORK, "a side for all namespaces", add("NetworkPolicy/query-side", "/spec/ingress/0/from", "{'namespaceSelector': {}}"), "open, and not needed: others > query-side 8080"),
                local(Rule.NETWORK, "the query side at the event store", both("query-side", "event-store", 5432), "open, and not needed: query-side > event-store 5432"),
                local(Rule.NETWORK, "no way to Kafka", remove("NetworkPolicy/query-side", "/spec/egress/1"), "needed, and not open: query-side > kafka 9092"),
                local(Rule.NETWORK, "no names", gone("NetworkPolicy/dns"), "needed, and not open: query-side > dns 53/UDP"),
                local(Rule.NETWORK, "a store with another port", data("query-side", "DAYBOOK_ELASTICSEARCH_URI", "http://elasticsearch:9201"), "needed, and not open: query-side > elasticsearch 9201"),
                production(Rule.NETWORK, "Strimzi lets everybody in", remove("Kafka/daybook", "/spec/kafka/listeners/0/networkPolicyPeers"), "open, and not needed: others > kafka 9092"),
                production(Rule.NETWORK, "pods of an operator without a name", remove("Cluster/event-store", "/spec/inheritedMetadata/labels/daybook.io~1part"), "needed, and not open: event-store > world 443"),
                production(Rule.NETWORK, "any Redis", set("NetworkPolicy/redis", "/spec/egress/0/to/0/ipBlock/cidr", "'0.0.0.0/0'"), "open, and not needed: command-side > world 6379"),
                production(Rule.NETWORK, "no Prometheus", gone("NetworkPolicy/prometheus"), "needed, and not open: prometheus > projections 8080"),
                behindGateway(Rule.NETWORK, "a way past the cluster's Gateway", add("NetworkPolicy/gateway", "/spec/ingress/1/from", "{'ipBlock': {'cidr': '0.0.0.0/0'}}"), "open, and not needed: world > gateway 8443"));
    }

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    private static final String SECRETS = "/spec/template/spec/volumes/1/projected/sources";

    private static Damage local(Rule rule, String what, Consumer<Rendering> done, String found) {
        return new Damage("local", rule, what, done, found);
    }

    private static Damage production(Rule rule, String what, Consumer<Rendering> done, String found) {
        return new Damage("production", rule, what, done, found);
    }

    private static Damage behindGateway(Rule rule, String what, Consumer<Rendering> done, String found) {
        return new Damage("production behind a Gateway", rule, what, done, found);
    }

    /** @param resource as {@code KIND/NAME} */
    private static Resource get(Rendering rendering, String resource) {
        return rendering.get(resource.substring(0, resource.indexOf('/')), resource.substring(resource.indexOf('/') + 1));
    }

    /** @param value JSON, with apostrophes for quotation marks */
    private static Consumer<Rendering> set(String resource, String pointer, String value) {
        return rendering -> change(get(rendering, resource).json(), pointer, json(value));
    }

    private static Consumer<Rendering> add(String resource, String pointer, String value) {
        return rendering -> ((ArrayNode) present(get(rendering, resource).json(), pointer)).add(json(value));
    }

    private static Consumer<Rendering> remove(String resource, String pointer) {
        return rendering -> {
            JsonNode json = get(rendering, resource).json();
            present(json, pointer);
            JsonNode parent = json.at(pointer.substring(0, pointer.lastIndexOf('/')));
            String last = last(pointer);
            if (parent instanceof ArrayNode array) {
                array.remove(Integer.parseInt(last));
            } else {
                ((ObjectNode) parent).remove(last);
            }
        };
    }

    private static Consumer<Rendering> gone(String resource) {
        return rendering -> rendering.resources().remove(get(rendering, resource));
    }

    private static Consumer<Rendering> data(String map, String key, String value) {
        return rendering -> ((ObjectNode) configMap(rendering, map).path("data")).put(key, value);
    }

    private static Consumer<Rendering> noData(String map, String key) {
        return rendering -> ((ObjectNode) configMap(rendering, map).path("data")).remove(key);
    }

    private static Consumer<Rendering> both(String from, String to, int port) {
        return rendering -> {
            add("NetworkPolicy/" + from, "/spec/egress", "{'to': [{'podSelector': {'matchLabels': {'daybook.io/part': '" + to + "'}}}], 'ports': [{'port': " + port + "}]}")
                    .accept(rendering);
            add("NetworkPolicy/" + to, "/spec/ingress", "{'from': [{'podSelector': {'matchLabels': {'daybook.io/part': '" + from + "'}}}], 'ports': [{'port': " + port + "}]}")
                    .accept(rendering);
        };
    }

    /** Its name ends in a digest of what it says. */
    private static JsonNode configMap(Rendering rendering, String name) {
        return rendering
                .ofKind("ConfigMap")
                .filter(map -> map.name().matches(name + "-[a-z0-9]{10}"))
                .findAny()
                .orElseThrow()
                .json();
    }

    private static JsonNode present(JsonNode json, String pointer) {
        JsonNode node = json.at(pointer);
        assertThat(node.isMissingNode()).as(pointer).isFalse();
        return node;
    }

    private static void change(JsonNode json, String pointer, JsonNode value) {
        JsonNode parent = present(json, pointer.substring(0, pointer.lastIndexOf('/')));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last(pointer)), value);
        } else {
            ((ObjectNode) parent).set(last(pointer), value);
        }
    }

    private static String last(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
