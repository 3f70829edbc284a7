package io.palimpsest.retrain.workflow;

/** Ids of workflows: what must happen once has one id, whoever starts it and however often. */
public final class WorkflowIds {
    private WorkflowIds() {}

    public static String fineTune(String runId) {
        return "fine-tune/" + runId;
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
