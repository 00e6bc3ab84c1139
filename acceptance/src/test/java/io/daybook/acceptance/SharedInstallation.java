package io.daybook.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests that need no installation of their own one that they share; it is taken down after the last test. */
final class SharedInstallation implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedInstallation.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestInstallation.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("installation", key -> start(), TestInstallation.class);
    }

    private static TestInstallation start() {
        try {
            TestInstallation installation = new TestInstallation(
                    Files.createTempDirectory("daybook-shared").resolve("data"));
            installation.up().successfully();
            return installation;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Where a test may write. */
    static Path folder(TestInstallation installation) {
        return installation.data().getParent();
    }
}
