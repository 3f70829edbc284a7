/**
 * Any program as a trainer: a container, a Kubernetes Job, a Slurm script. The written contract is in the user guide.
 * Entry class: {@link io.palimpsest.retrain.tune.command.CommandTrainer}.
 */
@NullMarked
package io.palimpsest.retrain.tune.command;

import org.jspecify.annotations.NullMarked;
