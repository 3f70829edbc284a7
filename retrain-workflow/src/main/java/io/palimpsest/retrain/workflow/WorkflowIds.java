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

    /** @param tick which of a timer's moments it is for: the same moment starts one */
    public static String reconcile(Scope scope, long tick) {
        return "reconcile/" + scope.key() + "/" + tick;
    }
}
