package io.palimpsest.platform.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bridge to an MLflow tracking server and registry, in the process that runs the ledger.
 *
 * @param uri of the server; empty: no bridge
 * @param experiment that runs are put into
 * @param user with the password instead of a token; empty: the key is a token, or nothing
 * @param prefix of the names of registered models, before tenant and collection
 */
public record MlflowSettings(Optional<URI> uri, String experiment, String prefix, String user, Secret key) {
    static void define(Definition definition) {
        definition
                .group("MLflow")
                .text(
                        "mlflow.uri",
                        "",
                        "Address of an MLflow server in which runs and models are registered too; empty: none. The process"
                                + " that runs the service ledger does it.")
                .text("mlflow.experiment", "palimpsest", "Experiment of the runs; made where it is missing.")
                .text("mlflow.prefix", "palimpsest", "Registered models are called PREFIX.TENANT.COLLECTION.")
                .text(
                        "mlflow.user",
                        "",
                        "User of the server, with mlflow.key as the password; empty: the key is a token.")
                .secret(
                        "mlflow.key",
                        "Token or password of the server; empty: none is asked for. With it mlflow.uri must be https, or http on"
                                + " loopback.");
    }

    static MlflowSettings of(Values values) {
        return new MlflowSettings(
                values.uri("mlflow.uri"),
                values.text("mlflow.experiment"),
                values.text("mlflow.prefix"),
                values.text("mlflow.user"),
                values.secret("mlflow.key"));
    }

    /** Why the settings cannot work together. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        boolean hasKey = values.secret("mlflow.key").isPresent();
        if (values.optional("mlflow.user").isPresent() && !hasKey) {
            problems.add("mlflow.key: needed with mlflow.user");
        }
        if (hasKey
                && values.optional("mlflow.uri")
                        .filter(uri -> !SafeAddress.isSafe(uri))
                        .isPresent()) {
            problems.add("mlflow.uri: must be an https: address, or http: on loopback, with mlflow.key");
        }
        return problems;
    }
}
