package io.palimpsest.retrain.workflow;

/** Ids of workflows: what must happen once has one id, whoever starts it and however often. */
public final class WorkflowIds {
    private WorkflowIds() {}

    public static String run(String kind, String runId) {
        return kind + "/" + runId;
    }

    public static String fineTune(String runId) {
        return run(RunRequest.FINE_TUNE, runId);
    }

    public static String reconcile(String runId) {
        return run(RunRequest.RECONCILE, runId);
    }

    public static String rollout(String runId) {
        return "roll-out/" + runId;
    }

    public static String watchDrift(Scope scope) {
        return "watch-drift/" + scope.key();
    }

    public static String collectFeedback(String campaign) {
        return "collect-feedback/" + campaign;
    }
}
