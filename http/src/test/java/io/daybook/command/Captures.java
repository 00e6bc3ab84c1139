package io.daybook.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A call of the contract, in the side that may answer it; the real ones are not here. */
@RestController
public final class Captures {

    /** What is sent. */
    public record Capture(String text) {}

    /**
     * @throws IllegalStateException if it was told to fail
     */
    @PostMapping("/v1/ledgers/{ledger}/holds/{id}/capture")
    public Map<String, String> capture(
            @PathVariable("id") String id,
            @RequestParam(name = "access", required = false) @Nullable String access,
            @RequestBody Capture capture) {
        if (capture.text().equals("fail")) {
            throw new IllegalStateException("as it was told to");
        }
        return Map.of("id", id);
    }
}
