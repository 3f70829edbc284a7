/**
 * Runs and models in an MLflow server, which is not asked for anything: ours is the registry that counts. Entry class: {@link
 * io.palimpsest.bridges.mlflow.MlflowBridge}.
 */
@NullMarked
package io.palimpsest.bridges.mlflow;

import org.jspecify.annotations.NullMarked;
