package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.Json;
import java.nio.charset.StandardCharsets;

/** What a run was begun with: ids only, and the same again after a restart. */
sealed interface RunRequest permits EraseRequest, FineTuneRequest, ReconcileRequest {
    String FINE_TUNE = "fine-tune";
    String RECONCILE = "reconcile";
    String ERASE = "erase";

    String runId();

    Scope scope();

    String cause();

    /** As the database and the ids of workflows name it. */
    static String kind(RunRequest request) {
        return switch (request) {
            case FineTuneRequest tune -> FINE_TUNE;
            case ReconcileRequest reconcile -> RECONCILE;
            case EraseRequest erase -> ERASE;
        };
    }

    /** As the server names it. */
    static String workflow(RunRequest request) {
        return switch (request) {
            case FineTuneRequest tune -> FineTuneWorkflow.class.getSimpleName();
            case ReconcileRequest reconcile -> ReconcileWorkflow.class.getSimpleName();
            case EraseRequest erase -> EraseWorkflow.class.getSimpleName();
        };
    }

    static RunRequest read(String kind, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return switch (kind) {
            case RECONCILE -> Json.read(bytes, ReconcileRequest.class);
            case ERASE -> Json.read(bytes, EraseRequest.class);
            default -> Json.read(bytes, FineTuneRequest.class);
        };
    }
}
