/**
 * The door: events of any source become changes on the topic, their content in the store; knows no transport. Entry
 * class: {@link io.palimpsest.ingest.intake.ChangeIntake}.
 */
@NullMarked
package io.palimpsest.ingest.intake;

import org.jspecify.annotations.NullMarked;
