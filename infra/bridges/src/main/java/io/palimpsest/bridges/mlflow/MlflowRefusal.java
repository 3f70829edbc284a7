package io.palimpsest.bridges.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.util.Optional;
import java.util.Set;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/** The server calls what it was told wrong: it would be wrong for ever. */
final class MlflowRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** Bad request, conflict, content too large, unprocessable. */
    private static final Set<Integer> WRONG = Set.of(400, 409, 413, 422);

    private static final int NOT_FOUND = 404;

    private MlflowRefusal(int status, String code, MlflowClientException cause) {
        super("the MLflow server refused what it was told, with " + status + " " + code, cause);
    }

    /** Empty for what may pass: no answer, a key that is not taken, an address where there is no MLflow. */
    static Optional<MlflowRefusal> of(MlflowClientException failure) {
        if (!(failure instanceof MlflowHttpException answer)) {
            return Optional.empty();
        }
        String code = code(String.valueOf(answer.getBodyMessage()));
        boolean isWrong = WRONG.contains(answer.getStatusCode())
                || (answer.getStatusCode() == NOT_FOUND && code.equals("RESOURCE_DOES_NOT_EXIST"));
        return isWrong ? Optional.of(new MlflowRefusal(answer.getStatusCode(), code, failure)) : Optional.empty();
    }

    /** Nothing else of the body, which may repeat what it was told. */
    private static String code(String body) {
        try {
            JsonNode code = Json.mapper().readTree(body).path("error_code");
            return code.asText().matches("[A-Z_]{1,80}") ? code.asText() : "no code";
        } catch (JsonProcessingException e) {
            return "no code";
        }
    }
}
