package io.palimpsest.standalone.cli;

import picocli.CommandLine.Option;

/** Which collection a command is about. */
public final class InCollection {
    @Option(names = "--collection", defaultValue = "default", description = "Collection (default: ${DEFAULT-VALUE}).")
    String collection = "default";

    /** @param rest such as {@code /runs} */
    String path(String rest) {
        return "/v1/collections/" + ApiClient.encode(collection) + rest;
    }
}
