package io.palimpsest.bench;

import io.palimpsest.testkit.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Start to ready, and resident memory when idle, of this process and its forks (Linux only: /proc). */
final class FootprintBench {
    private static final int IDLE_SECONDS = 20;
    private static final String DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private final Report report;

    FootprintBench(Report report) {
        this.report = report;
    }

    void run(Map<String, String> settings) throws IOException, InterruptedException {
        Path dataDir = BenchServer.emptyDirectory();
        for (String start : new String[] {"first", "second"}) {
            long began = System.nanoTime();
            try (BenchServer server = BenchServer.start(dataDir, settings)) {
                double ready = (System.nanoTime() - began) / 1e9;
                server.publishFile("urn:docx:" + start, docx(dataDir), DOCX); // its parsing starts the fork
                server.awaitIdle(start.equals("first") ? 1 : 2);
                TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                Map<String, Object> row = new TreeMap<>();
                row.put("start", start);
                row.put("readySeconds", ready);
                row.put("residentMib", residentMib(ProcessHandle.current()));
                row.put("forks", ProcessHandle.current().descendants().count());
                row.put("forksResidentMib", forks());
                report.row("footprint", row);
            }
        }
    }

    private static byte[] docx(Path folder) throws IOException {
        Path file = Documents.docx(folder.resolve("footprint.docx"), 50);
        try {
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static double forks() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
            return children.mapToDouble(FootprintBench::residentMib).sum();
        }
    }

    private static double residentMib(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
