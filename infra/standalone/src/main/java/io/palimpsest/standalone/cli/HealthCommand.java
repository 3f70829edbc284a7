package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palimpsest health}: what a container's health check asks. */
@Command(
        name = "health",
        description = {
            "Whether a server is ready, part by part. Exit code 0: ready; 1: not, or none answers.",
            "Needs no key and sends none, so it takes any certificate, as probes do."
        })
final class HealthCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Spec
    CommandSpec spec;

    @Mixin
    ServerPlace place = new ServerPlace();

    @Override
    public Integer call() throws InterruptedException {
        URI address = place.address()
                .orElseThrow(() -> new ApiClient.CallFailed(
                        "No server is up on " + place.data.toAbsolutePath() + " (it may still be starting)"));
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/health/ready"))
                .timeout(TIMEOUT)
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .sslContext(AnyCertificate.context())
                .build()) {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            PrintWriter out = spec.commandLine().getOut();
            Tree.print(Json.read(response.body(), JsonNode.class), out, "");
            return response.statusCode() == 200 ? 0 : 1;
        } catch (IOException e) {
            throw new ApiClient.CallFailed("No answer from " + address);
        }
    }
}
