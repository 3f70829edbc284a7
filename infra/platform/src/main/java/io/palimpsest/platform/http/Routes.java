package io.palimpsest.platform.http;

import io.javalin.config.RoutesConfig;

/** The routes of one part. What lies under {@code /v1/} is only reached with a known key. */
@FunctionalInterface
public interface Routes {
    void register(RoutesConfig routes);
}
