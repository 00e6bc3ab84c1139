package io.daybook.http;

import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The table of routes. What a call of the contract answers with is JSON, unless the call itself says otherwise. That it is not accepted is known
 * before anything is done, and that problem documents are preferred makes none of a success.
 *
 * <p>Beside the controllers of its own application context there may be those of others in this process. They are in one table,
 * so that a path which has a command in one and a query in another allows both, and a request is led to a controller once.
 */
final class JsonRoutes extends RequestMappingHandlerMapping {

    private static final String CONTRACT = "/v1/";

    private final Stream<OtherControllers> others;

    /**
     * @param others asked when the table is made
     */
    JsonRoutes(Stream<OtherControllers> others) {
        this.others = others;
    }

    /**
     * @throws IllegalStateException if two controllers have the same route, or one has a route that is not its side's
     */
    @Override
    protected void initHandlerMethods() {
        super.initHandlerMethods();
        others.flatMap(context -> context.controllers().stream()).forEach(this::detectHandlerMethods);
        Routes routes = Routes.ofContract();
        getHandlerMethods().forEach((route, handler) -> route.getPatternValues().stream()
                .filter(path -> path.startsWith(CONTRACT))
                .forEach(path -> route.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> routes.require(handler.getBeanType(), method.name(), path))));
    }

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> controller) {
        RequestMappingInfo route = super.getMappingForMethod(method, controller);
        return route != null
                        && route.getProducesCondition().isEmpty()
                        && route.getPatternValues().stream().allMatch(path -> path.startsWith(CONTRACT))
                ? route.mutate()
                        .produces(MediaType.APPLICATION_JSON_VALUE)
                        .options(getBuilderConfiguration())
                        .build()
                : route;
    }
}
