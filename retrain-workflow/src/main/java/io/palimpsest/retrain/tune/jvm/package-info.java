/**
 * Trainers of ours as JVMs of their own: started here, with a task in a file; there it runs the program. What crashes, hangs or
 * eats memory there harms nobody here.
 * Entry classes: {@link io.palimpsest.retrain.tune.jvm.ChildJvm} here, {@link io.palimpsest.retrain.tune.jvm.ChildMain} there.
 */
@NullMarked
package io.palimpsest.retrain.tune.jvm;

import org.jspecify.annotations.NullMarked;
