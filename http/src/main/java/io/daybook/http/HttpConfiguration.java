package io.daybook.http;

import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** The edge of every Daybook HTTP server. Imported by each side; imported twice, it is there once. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EdgeProperties.class)
@Import({ProblemAdvice.class, ProblemErrorController.class, OpenApiController.class})
public class HttpConfiguration {

    /** The largest body, in bytes: a batch of 10,000 transactions with metadata fits well. */
    public static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    /**
     * How much of a refused body is still read from the connection, in bytes. A client that is cut off while it sends
     * never sees why.
     */
    private static final int MAX_SWALLOWED_BYTES = 4 * MAX_BODY_BYTES;

    private static final String UNLIMITED = "-1";

    @Bean
    Drain drain(EdgeProperties properties) {
        return new Drain(properties.drain());
    }

    @Bean
    FilterRegistrationBean<Drain> drainRegistration(Drain drain) {
        FilterRegistrationBean<Drain> registration = new FilterRegistrationBean<>(drain);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    CallerFilter callerFilter() {
        return new CallerFilter();
    }

    @Bean
    FilterRegistrationBean<CallerFilter> callerFilterRegistration(CallerFilter filter) {
        FilterRegistrationBean<CallerFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    FilterRegistrationBean<PathFilter> pathFilterRegistration(
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<PathFilter> registration = new FilterRegistrationBean<>(new PathFilter(problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<TraceMethodFilter> traceMethodFilterRegistration() {
        FilterRegistrationBean<TraceMethodFilter> registration = new FilterRegistrationBean<>(new TraceMethodFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<BodyFilter> bodyFilterRegistration(
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<BodyFilter> registration =
                new FilterRegistrationBean<>(new BodyFilter(MAX_BODY_BYTES, problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    @Bean
    WebMvcRegistrations jsonRoutes(ObjectProvider<OtherControllers> others) {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new JsonRoutes(others.orderedStream());
            }
        };
    }

    @Bean
    WebMvcConfigurer edge(CallerFilter filter) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(new CallParameters());
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(filter);
            }
        };
    }

    /** A request that is not exactly what the contract says is refused, never guessed at. */
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return builder -> builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Integer,
                        numbers -> numbers.setCoercion(CoercionInputShape.Float, CoercionAction.Fail));
    }

    /** In place of the one that Spring has, behind those of bytes and text. */
    @Bean
    ServerHttpMessageConvertersCustomizer wholeJson(JsonMapper mapper) {
        return converters -> converters.withJsonConverter(new WholeJsonConverter(mapper));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> edgeOfTomcat(Drain drain) {
        return tomcat -> {
            tomcat.addConnectorCustomizers(connector -> {
                drain.of(connector);
                connector.setProperty("maxSwallowSize", Integer.toString(MAX_SWALLOWED_BYTES));
                // A client that keeps its connection is not made to open another one after every 100 requests.
                connector.setProperty("maxKeepAliveRequests", UNLIMITED);
                // It is refused where the methods of a path are known; Tomcat tells of all that a servlet could have.
                connector.setAllowTrace(true);
                // The contract has metadata[key]=value, and few clients encode the brackets.
                connector.setProperty("relaxedQueryChars", "[]");
            });
            tomcat.addContextCustomizers(context ->
                    ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemReportValve.class.getName()));
        };
    }
}
