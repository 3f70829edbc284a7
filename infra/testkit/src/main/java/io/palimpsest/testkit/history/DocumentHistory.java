package io.palimpsest.testkit.history;

import io.palimpsest.contracts.event.Json;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The history of a documentation repository ({@code rust-rfcs}, {@code k8s-keps}): its events and the content of every
 * blob. Folding all events gives exactly the tree at the end: an oracle for incremental indexing.
 */
public final class DocumentHistory implements AutoCloseable {
    private final List<HistoryEvent> events;
    private final Process git;
    private final OutputStream requests;
    private final DataInputStream answers;
    private final Map<String, byte[]> blobs = new HashMap<>();

    private DocumentHistory(List<HistoryEvent> events, Process git) {
        this.events = List.copyOf(events);
        this.git = git;
        this.requests = git.getOutputStream();
        this.answers = new DataInputStream(new java.io.BufferedInputStream(git.getInputStream()));
    }

    /** Where the shared data lies beside the project; empty where it does not. */
    public static Optional<Path> sharedData() {
        Path data = Path.of(System.getProperty("palimpsest.root", "."), "../shared/data");
        return Files.isDirectory(data) ? Optional.of(data.toAbsolutePath().normalize()) : Optional.empty();
    }

    /**
     * Opens a history; needs the {@code git} command.
     *
     * @param folder with {@code history.bundle} and {@code events.jsonl.gz}
     * @param work an empty directory for the clone
     */
    public static DocumentHistory open(Path folder, Path work) throws IOException, InterruptedException {
        Path clone = work.resolve("history.git");
        Process cloning = new ProcessBuilder(
                        "git",
                        "clone",
                        "-q",
                        "--bare",
                        "-b",
                        "main",
                        folder.resolve("history.bundle").toString(),
                        clone.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (cloning.waitFor() != 0) {
            throw new IOException("git could not clone the bundle of " + folder);
        }
        Process git = new ProcessBuilder("git", "-C", clone.toString(), "cat-file", "--batch")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new DocumentHistory(readEvents(folder.resolve("events.jsonl.gz")), git);
    }

    private static List<HistoryEvent> readEvents(Path file) throws IOException {
        List<HistoryEvent> events = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.add(Json.read(line.getBytes(StandardCharsets.UTF_8), HistoryEvent.class));
            }
        }
        return events;
    }

    /** In order of {@code seq}. */
    public List<HistoryEvent> events() {
        return events;
    }

    /** Content of a blob, as it is. */
    public synchronized byte[] content(String blob) {
        return blobs.computeIfAbsent(blob, this::read);
    }

    /** Path to blob after the last event. */
    public SortedMap<String, String> finalTree() {
        SortedMap<String, String> tree = new TreeMap<>();
        for (HistoryEvent event : events) {
            if (event.oldPath() != null) {
                tree.remove(event.oldPath());
            }
            if (event.blob() == null) {
                tree.remove(event.path());
            } else {
                tree.put(event.path(), event.blob());
            }
        }
        return tree;
    }

    private byte[] read(String blob) {
        try {
            requests.write((blob + "\n").getBytes(StandardCharsets.US_ASCII));
            requests.flush();
            StringBuilder header = new StringBuilder();
            for (int c = answers.readUnsignedByte(); c != '\n'; c = answers.readUnsignedByte()) {
                header.append((char) c);
            }
            byte[] content = new byte[Integer.parseInt(header.substring(header.lastIndexOf(" ") + 1))];
            answers.readFully(content);
            answers.skipNBytes(1);
            return content;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("git does not give blob " + blob, e);
        }
    }

    @Override
    public void close() {
        git.destroy();
    }
}
