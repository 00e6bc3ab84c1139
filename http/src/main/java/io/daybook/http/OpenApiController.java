package io.daybook.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.NativeWebRequest;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contract as an OpenAPI 3.1 document: as it was written (YAML), as JSON, and for a browser as a page, whichever of these
 * {@code Accept} names first.
 */
@RestController
class OpenApiController {

    private static final MediaType YAML = new MediaType("application", "yaml", StandardCharsets.UTF_8);
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final Map<MediaType, byte[]> representations = new LinkedHashMap<>();

    OpenApiController() {
        byte[] document = resource("openapi.yaml");
        representations.put(YAML, document);
        representations.put(MediaType.APPLICATION_JSON, json(document));
        representations.put(HTML, resource("openapi.html"));
    }

    /**
     * @throws HttpMediaTypeNotAcceptableException if {@code Accept} cannot be read
     */
    @GetMapping("/openapi")
    ResponseEntity<byte[]> document(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
        List<MediaType> accepted = new HeaderContentNegotiationStrategy().resolveMediaTypes(request);
        for (MediaType range : accepted) {
            for (MediaType type : representations.keySet()) {
                if (range.includes(type)) {
                    return ResponseEntity.ok()
                            .contentType(type)
                            .varyBy(HttpHeaders.ACCEPT)
                            .body(representations.get(type));
                }
            }
        }
        throw new ProblemException(
                ProblemCode.NOT_ACCEPTABLE,
                "the contract can be had as application/yaml, application/json or text/html");
    }

    private static byte[] resource(String name) {
        try (InputStream in = OpenApiController.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(byte[] yaml) {
        Object document =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
        return JsonMapper.shared().writeValueAsBytes(document);
    }
}
