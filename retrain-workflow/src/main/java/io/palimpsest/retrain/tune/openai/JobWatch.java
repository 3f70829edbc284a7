package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.TrainingUse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for a job's end, reports its steps, and cancels it where nobody wants it or it takes too long. */
final class JobWatch {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final FineTuningApi api;
    private final FineTuningEndpoint endpoint;
    private final Duration limit;
    private final TrainingProgress progress;
    private final Cancellation cancellation;
    private int reported;

    JobWatch(
            FineTuningApi api,
            FineTuningEndpoint endpoint,
            Duration limit,
            TrainingProgress progress,
            Cancellation cancellation) {
        this.api = api;
        this.endpoint = endpoint;
        this.limit = limit;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /** The model's name. */
    String await(String id) {
        long start = System.nanoTime();
        try {
            while (true) {
                FineTuningJob job = api.job(id);
                tell(id, () -> reportSteps(job));
                Long tokens = job.trainedTokens();
                if (tokens != null) {
                    tell(id, () -> progress.used(new TrainingUse(Duration.ZERO, tokens)));
                }
                String model = modelOf(job);
                if (model != null) {
                    return model;
                }
                pause(id, start);
            }
        } catch (RefusedCall e) {
            throw e.status() == 404
                    ? new PalimpsestException(
                            ErrorCode.TRAINER_UNAVAILABLE, "the fine-tuning endpoint no longer knows job " + id, e)
                    : new PalimpsestException(ErrorCode.TRAINER_UNAVAILABLE, e.reason(), e);
        }
    }

    /** What a listener throws ends the job too. */
    private void tell(String id, Runnable report) {
        try {
            report.run();
        } catch (PalimpsestException | RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            cancel(id);
            throw e;
        }
    }

    private @Nullable String modelOf(FineTuningJob job) {
        return switch (job.status()) {
            case "succeeded" -> {
                if (job.fineTunedModel() == null || job.fineTunedModel().isBlank()) {
                    throw new PalimpsestException(
                            ErrorCode.MODEL_BROKEN, "job " + job.id() + " succeeded without naming a model");
                }
                yield job.fineTunedModel();
            }
            case "failed" -> throw failed(job);
            case "cancelled" ->
                throw new PalimpsestException(
                        ErrorCode.TRAINING_CANCELLED, "job " + job.id() + " was cancelled at the endpoint");
            default -> null;
        };
    }

    private static PalimpsestException failed(FineTuningJob job) {
        String code = job.error() == null || job.error().code() == null
                ? "unknown"
                : job.error().code();
        boolean byFile = code.startsWith("invalid") || code.contains("file");
        return new PalimpsestException(
                byFile ? ErrorCode.SNAPSHOT_UNUSABLE : ErrorCode.TRAINER_FAILED,
                "job " + job.id() + " failed at the endpoint: " + code.replaceAll("[^A-Za-z0-9_.-]", ""));
    }

    /** Steps that were not reported yet, oldest first. */
    private void reportSteps(FineTuningJob job) {
        List<FineTuningEvent> steps = api.events(job.id()).reversed().stream()
                .filter(FineTuningEvent::isStep)
                .toList();
        for (FineTuningEvent event : steps) {
            JsonNode numbers = event.numbers();
            if (numbers != null && numbers.path("step").asInt() > reported) {
                reported = numbers.path("step").asInt();
                progress.report(report(numbers, job));
            }
        }
        if (steps.isEmpty()) {
            progress.report(TrainingReport.of(job.status(), 0, 0));
        }
    }

    private TrainingReport report(JsonNode numbers, FineTuningJob job) {
        Double loss = number(numbers.path("train_loss"));
        if (loss != null && !Double.isFinite(loss)) {
            cancel(job.id());
            throw new PalimpsestException(
                    ErrorCode.TRAINING_DIVERGED, "the loss of job " + job.id() + " is no number at step " + reported);
        }
        Double left = job.estimatedFinish() == null
                ? null
                : Math.max(0.0, job.estimatedFinish() - System.currentTimeMillis() / 1e3);
        return new TrainingReport(
                "train", reported, numbers.path("total_steps").asInt(), loss, number(numbers.path("valid_loss")), left);
    }

    /** JSON has no NaN: endpoints write it as text, or leave it out. */
    private static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return value.isTextual() ? (Double) Double.NaN : null;
    }

    private void pause(String id, long start) {
        long until = System.nanoTime() + endpoint.poll().toNanos();
        tell(id, progress::working);
        while (System.nanoTime() - until < 0) {
            if (cancellation.requested()) {
                cancel(id);
                throw new PalimpsestException(ErrorCode.TRAINING_CANCELLED, "the training was cancelled, job " + id);
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                cancel(id);
                throw new PalimpsestException(
                        ErrorCode.TRAINING_TOO_LONG, "job " + id + " reached its limit of " + limit);
            }
            try {
                Thread.sleep(LOOK.compareTo(endpoint.poll()) < 0 ? LOOK : endpoint.poll());
            } catch (InterruptedException e) {
                cancel(id);
                Thread.currentThread().interrupt();
                throw new PalimpsestException(ErrorCode.TRAINING_CANCELLED, "the training was interrupted", e);
            }
        }
    }

    /** A job that has ended meanwhile cannot be cancelled, and need not. */
    private void cancel(String id) {
        try {
            api.cancel(id);
        } catch (RefusedCall e) {
            if (e.status() == 401 || e.status() == 403) {
                throw new PalimpsestException(
                        ErrorCode.TUNING_ENDPOINT_FAILED, "job " + id + " could not be cancelled: it may go on", e);
            }
        }
    }
}
