package io.palimpsest.index.search;

import java.util.LinkedHashMap;
import java.util.Map;

/** Milliseconds by stage. One thread. */
final class Stages {
    private final Map<String, Double> millis = new LinkedHashMap<>();
    private final long began = System.nanoTime();
    private long last = began;

    /** What has passed since the previous end belongs to this stage. */
    void end(String stage) {
        long now = System.nanoTime();
        millis.merge(stage, (now - last) / 1e6, Double::sum);
        last = now;
    }

    long totalNanos() {
        return System.nanoTime() - began;
    }

    Map<String, Double> took() {
        Map<String, Double> took = new LinkedHashMap<>();
        millis.forEach((stage, value) -> took.put(stage, rounded(value)));
        took.put("total", rounded(totalNanos() / 1e6));
        return took;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
