package io.daybook.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where settings lead: names of Services, and through them to pods. */
final class Addresses {

    private static final Pattern ADDRESS = Pattern.compile("(?:^|[/@,])([a-z0-9.-]+):(\\d+)(?=$|[/,?])");

    private Addresses() {}

    /** A host and a port. */
    record Address(String host, int port) {}

    /** Pods, and the port of theirs. */
    record Target(String part, int port) {}

    /** Those in the values of properties that are addresses. */
    static List<Address> of(Settings settings) {
        List<Address> addresses = new ArrayList<>();
        settings.variables().forEach((name, value) -> {
            if (name.matches("DAYBOOK_.*(JDBCURLS?|BOOTSTRAPSERVERS|URI)")) {
                addresses.addAll(in(value));
            }
        });
        settings.files().forEach((property, value) -> {
            if (property.endsWith(".uri")) {
                addresses.addAll(in(value));
            }
        });
        return addresses;
    }

    static List<Address> in(String value) {
        List<Address> addresses = new ArrayList<>();
        Matcher address = ADDRESS.matcher(value);
        while (address.find()) {
            addresses.add(new Address(address.group(1), Integer.parseInt(address.group(2))));
        }
        return addresses;
    }

    /** The pods that a Service of this name leads to on this port, if there are any. */
    static Optional<Target> target(Rendering rendering, Address address) {
        Map<String, Operators.MadeService> made = Operators.services(rendering);
        if (made.containsKey(address.host())) {
            Operators.MadeService service = made.get(address.host());
            return service.port() == address.port()
                    ? Optional.of(new Target(service.pods().part(), service.port()))
                    : Optional.empty();
        }
        return rendering.find("Service", address.host()).flatMap(service -> {
            for (var port : service.spec().path("ports")) {
                if (port.path("port").asInt() == address.port()) {
                    return Pods.of(rendering).stream()
                            .filter(pods -> Selectors.hasAll(
                                    pods.labels(), service.spec().path("selector")))
                            .filter(pods -> pods.port(port.path("targetPort")) != 0)
                            .map(pods -> new Target(pods.part(), pods.port(port.path("targetPort"))))
                            .findFirst();
                }
            }
            return Optional.empty();
        });
    }
}
