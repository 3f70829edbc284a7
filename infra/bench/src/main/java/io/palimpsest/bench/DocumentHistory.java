package io.palimpsest.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A recorded history of documents: events, and the content behind each blob id, read from a git bundle with the
 * {@code git} command.
 *
 * @param contents blob id to content, read as UTF-8
 */
record DocumentHistory(List<Event> events, Map<String, String> contents) {

    /**
     * @param oldBlob null for the first version
     * @param blob null for a delete
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Event(
            String op,
            String path,
            @JsonProperty("old_path") @Nullable String oldPath,
            @JsonProperty("old_blob") @Nullable String oldBlob,
            @Nullable String blob) {
        boolean changesContent() {
            return oldBlob != null && blob != null && !oldBlob.equals(blob);
        }
    }

    /** Content by path after the last event. */
    Map<String, String> live() {
        Map<String, String> live = new LinkedHashMap<>();
        for (Event event : events) {
            live.remove(event.oldPath() == null ? event.path() : event.oldPath());
            if (event.blob() != null) {
                live.put(event.path(), contents.getOrDefault(event.blob(), ""));
            }
        }
        return live;
    }

    /**
     * The events of about half of the documents, by the hash of the path that a document began with: those on which
     * no choice about cutting was made.
     */
    List<Event> heldOut() {
        Map<String, String> firstPaths = new HashMap<>();
        List<Event> half = new ArrayList<>();
        for (Event event : events) {
            String known = event.oldPath() == null ? event.path() : event.oldPath();
            String first = firstPaths.getOrDefault(known, known);
            firstPaths.put(event.path(), first);
            if ((hash(first) >>> 7 & 1) == 1) {
                half.add(event);
            }
        }
        return half;
    }

    private static long hash(String path) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return hash * 31 + path.length();
    }

    static DocumentHistory read(Path folder) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        List<Event> events;
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("events.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            events = lines.lines().map(line -> event(json, line)).toList();
        }
        List<String> blobs = events.stream()
                .flatMap(event -> Stream.of(event.oldBlob(), event.blob()))
                .<String>mapMulti((blob, out) -> {
                    if (blob != null) {
                        out.accept(blob);
                    }
                })
                .distinct()
                .toList();
        Path clone = Files.createTempDirectory("history");
        try {
            git(
                    List.of(
                            "clone",
                            "-q",
                            "--bare",
                            "-b",
                            "main",
                            folder.resolve("history.bundle").toAbsolutePath().toString(),
                            "."),
                    clone);
            return new DocumentHistory(events, contents(clone, blobs));
        } finally {
            delete(clone);
        }
    }

    private static Event event(ObjectMapper json, String line) {
        try {
            return json.readValue(line, Event.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void git(List<String> arguments, Path folder) throws IOException, InterruptedException {
        Process git = new ProcessBuilder(
                        Stream.concat(Stream.of("git"), arguments.stream()).toList())
                .directory(folder.toFile())
                .inheritIO()
                .start();
        int exit = git.waitFor();
        if (exit != 0) {
            throw new IOException("git " + arguments.getFirst() + " ended with " + exit);
        }
    }

    private static Map<String, String> contents(Path clone, List<String> blobs) throws IOException {
        Path wanted = Files.write(clone.resolve("wanted-blobs"), blobs);
        Process git = new ProcessBuilder("git", "cat-file", "--batch")
                .directory(clone.toFile())
                .redirectInput(wanted.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, String> contents = new HashMap<>();
        try (var out = new DataInputStream(new BufferedInputStream(git.getInputStream()))) {
            for (String blob : blobs) {
                String header = line(out);
                int size = Integer.parseInt(header.substring(header.lastIndexOf(' ') + 1));
                byte[] content = out.readNBytes(size);
                out.skipNBytes(1);
                contents.put(blob, new String(content, StandardCharsets.UTF_8));
            }
        }
        return contents;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
