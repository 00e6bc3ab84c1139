package io.daybook.http.requestlog;

import io.daybook.settings.KafkaProperties;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** The log of requests. Imported by each side; imported twice, it is there once. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RequestLogProperties.class, KafkaProperties.class})
public class RequestLogConfiguration {

    @Bean
    RequestLog requestLog(RequestLogProperties settings, KafkaProperties kafka) {
        return new RequestLog(kafka.requestsTopic(), settings);
    }

    @Bean
    MeterBinder requestLogMetrics(RequestLog log) {
        return registry -> {
            FunctionCounter.builder("daybook.requests.recorded", log, RequestLog::sent)
                    .description("Requests whose record is in Kafka")
                    .register(registry);
            FunctionCounter.builder("daybook.requests.dropped", log, RequestLog::dropped)
                    .description(
                            "Requests that are not recorded, as too many records waited or Kafka did not take them")
                    .register(registry);
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestsOfTomcat(
            RequestLog log,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> controllers) {
        SingletonSupplier<List<PathPattern>> routes =
                SingletonSupplier.of(() -> Route.patterns(controllers.getObject()));
        return tomcat -> tomcat.addEngineValves(new RequestValve(log, hostName(), routes));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
