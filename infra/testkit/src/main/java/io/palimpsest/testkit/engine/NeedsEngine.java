package io.palimpsest.testkit.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class against real engines: constructors, tests and life-cycle methods may take a {@link KafkaEngine}, {@link
 * PostgresEngine}, ... as parameter. Each engine is started once for a JVM, when first asked for.
 *
 * <p><b>Failure:</b> skipped, with the reason, where an engine can neither be started nor is given by address.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Engines.class)
public @interface NeedsEngine {
    EngineKind[] value();
}
