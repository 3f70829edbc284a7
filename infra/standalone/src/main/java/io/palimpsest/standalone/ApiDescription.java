package io.palimpsest.standalone;

import io.javalin.config.RoutesConfig;
import io.palimpsest.platform.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Serves the OpenAPI document of all routes; needs no key. */
final class ApiDescription implements Routes {
    private static final String RESOURCE = "/openapi.yaml";

    private final String text;

    ApiDescription() {
        try (InputStream resource = ApiDescription.class.getResourceAsStream(RESOURCE)) {
            text = new String(Objects.requireNonNull(resource, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(RESOURCE, context -> context.contentType("application/yaml").result(text));
    }
}
