package io.palimpsest.testkit.engine;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Hands engines to tests and skips where there are none; the store of the whole run holds them and closes them at its end. */
final class Engines implements ExecutionCondition, ParameterResolver {
    private static final ExtensionContext.Namespace ENGINES = ExtensionContext.Namespace.create(Engines.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = context
                .getTestClass()
                .flatMap(test ->
                        AnnotationSupport.findAnnotation(test, NeedsEngine.class, context.getEnclosingTestClasses()))
                .stream()
                .flatMap(needs -> Arrays.stream(needs.value()))
                .map(EngineKind::missing)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("every engine can be had")
                : ConditionEvaluationResult.disabled(missing);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return kind(parameter).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ENGINES)
                .computeIfAbsent(kind(parameter).orElseThrow(), EngineKind::start, Engine.class);
    }

    private static Optional<EngineKind> kind(ParameterContext parameter) {
        Class<?> type = parameter.getParameter().getType();
        return Arrays.stream(EngineKind.values())
                .filter(kind -> kind.type() == type)
                .findFirst();
    }
}
