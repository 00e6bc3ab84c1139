package io.daybook.k8s;

import java.util.List;

/** Whether a cluster would take each resource as it is. */
final class Schemas {

    private Schemas() {}

    static void schemas(Rendering rendering, List<String> violations) {
        rendering.resources().forEach(resource -> {
            if (BuiltInKinds.has(resource)) {
                violations.addAll(BuiltInKinds.violations(resource));
            } else if (StrimziKinds.has(resource)) {
                violations.addAll(StrimziKinds.violations(resource));
            } else if (FieldTables.has(resource)) {
                violations.addAll(FieldTables.violations(resource));
            } else {
                violations.add(resource + " is of " + resource.apiVersion() + ", which is not known here");
            }
        });
    }
}
