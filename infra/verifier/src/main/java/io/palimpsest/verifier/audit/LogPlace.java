package io.palimpsest.verifier.audit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Where the files of a log are. */
@FunctionalInterface
public interface LogPlace {
    /** More than 256 of the longest entries. */
    int LONGEST = 1 << 25;

    /**
     * @param path {@code checkpoint}, or of a tile
     * @throws NoSuchFileException when there is none
     */
    byte[] read(String path) throws IOException;

    /** A directory, or the prefix of an HTTP server such as {@code https://log.example.org/log/}. */
    static LogPlace of(String place) {
        return place.startsWith("http://") || place.startsWith("https://")
                ? server(URI.create(place), HttpClient.newBuilder())
                : path -> Files.readAllBytes(Path.of(place).resolve(path));
    }

    /**
     * @param prefix of an HTTP server, with or without a slash at its end
     * @param client what else it is to have, such as whom it trusts
     */
    static LogPlace server(URI prefix, HttpClient.Builder client) {
        URI folder = prefix.toString().endsWith("/") ? prefix : URI.create(prefix + "/");
        HttpClient http = client.connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        return path -> get(http, folder.resolve(path));
    }

    private static byte[] get(HttpClient http, URI file) throws IOException {
        try {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(file).timeout(Duration.ofMinutes(1)).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() == 404 || answer.statusCode() == 410) {
                    throw new NoSuchFileException(file.toString());
                }
                if (answer.statusCode() != 200) {
                    throw new IOException(file + " answers with " + answer.statusCode());
                }
                byte[] bytes = body.readNBytes(LONGEST);
                if (bytes.length == LONGEST) {
                    throw new IOException(file + " is longer than a file of a log can be");
                }
                return bytes;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
