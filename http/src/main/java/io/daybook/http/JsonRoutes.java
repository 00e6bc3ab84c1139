package io.daybook.http;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * What a call of the contract answers with is JSON, unless the call itself says otherwise. That it is not accepted is known
 * before anything is done, and that problem documents are preferred makes none of a success.
 */
final class JsonRoutes extends RequestMappingHandlerMapping {

    private static final String CONTRACT = "/v1/";

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
