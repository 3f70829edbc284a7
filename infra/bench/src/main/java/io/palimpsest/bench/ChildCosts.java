package io.palimpsest.bench;

import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What our child processes use while a training reports. */
final class ChildCosts implements TrainingProgress {
    private double firstStepCpu = Double.NaN;
    private double lastStepCpu;
    private int firstStep;
    private int steps;
    private double cpuSeconds;
    private long peakResidentMib;
    private double firstLoss = Double.NaN;
    private double lastLoss;
    private double validationLoss = Double.NaN;

    @Override
    public void report(TrainingReport report) {
        System.out.println("  " + report.phase() + " " + report.step() + " of " + report.steps()
                + (report.loss() == null ? "" : " loss " + report.loss())
                + (report.remainingSeconds() == null ? "" : ", " + Math.round(report.remainingSeconds()) + " s left"));
        look();
        if (report.loss() != null) {
            if (Double.isNaN(firstStepCpu)) {
                firstStepCpu = cpuSeconds;
                firstStep = report.step();
                firstLoss = report.loss();
            }
            lastStepCpu = cpuSeconds;
            lastLoss = report.loss();
            steps = report.step();
        }
        if (report.validationLoss() != null) {
            validationLoss = report.validationLoss();
        }
    }

    @Override
    public void working() {
        look();
    }

    private void look() {
        double cpu = ProcessHandle.current()
                .descendants()
                .mapToLong(child ->
                        child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
        cpuSeconds = Math.max(cpuSeconds, cpu / 1e9);
        long resident = ProcessHandle.current()
                .descendants()
                .mapToLong(child -> residentMib(child.pid()))
                .sum();
        peakResidentMib = Math.max(peakResidentMib, resident);
    }

    private static long residentMib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            return 0; // gone
        }
    }

    int steps() {
        return steps;
    }

    /** Without start, mining and merging; with looks at the validation slice. */
    double cpuSecondsPerStep() {
        return (lastStepCpu - firstStepCpu) / Math.max(1, steps - firstStep);
    }

    double cpuSeconds() {
        return cpuSeconds;
    }

    long peakResidentMib() {
        return peakResidentMib;
    }

    double firstLoss() {
        return firstLoss;
    }

    double lastLoss() {
        return lastLoss;
    }

    double validationLoss() {
        return validationLoss;
    }
}
