package io.palimpsest.platform.temporal;

import io.grpc.StatusRuntimeException;
import io.palimpsest.platform.config.TemporalSettings;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceBlockingStub;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lists of a namespace's workflows can be asked by, beyond what Temporal brings. */
final class SearchAttributes {
    private static final Logger LOG = LoggerFactory.getLogger(SearchAttributes.class);
    private static final Duration ONE_CALL = Duration.ofSeconds(4);

    private SearchAttributes() {}

    /**
     * Adds what is missing, where the server lets us.
     *
     * @param keywords names of attributes of type Keyword
     * @return whether workflows may carry all of them
     */
    static boolean ensure(TemporalSettings settings, String address, List<String> keywords) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(
                OperatorServiceStubsOptions.newBuilder(TemporalOptions.of(settings, address))
                        .validateAndBuildWithDefaults());
        try {
            String namespace = settings.namespace();
            List<String> missing = missing(soon(operator), namespace, keywords);
            if (!missing.isEmpty()) {
                AddSearchAttributesRequest.Builder request =
                        AddSearchAttributesRequest.newBuilder().setNamespace(namespace);
                missing.forEach(name -> request.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
                var unused = soon(operator).addSearchAttributes(request.build());
                missing = missing(soon(operator), namespace, keywords);
            }
            return missing.isEmpty() || told(missing, "it has others of these names", namespace);
        } catch (StatusRuntimeException e) {
            return told(keywords, e.getStatus().getCode().name(), settings.namespace());
        } finally {
            operator.shutdownNow();
        }
    }

    /** What an operator can do. */
    static String remedy(List<String> keywords, String namespace) {
        return "temporal operator search-attribute create --namespace " + namespace
                + keywords.stream()
                        .map(name -> " --name " + name + " --type Keyword")
                        .collect(Collectors.joining())
                + " (Temporal Cloud: tcld namespace search-attributes add), then a restart";
    }

    private static boolean told(List<String> missing, String why, String namespace) {
        LOG.atWarn()
                .log(
                        "workflows carry no search attributes, since this Temporal did not let them be added ({}): {}",
                        why,
                        remedy(missing, namespace));
        return false;
    }

    /** A name that is there with another type stays missing. */
    private static List<String> missing(OperatorServiceBlockingStub operator, String namespace, List<String> keywords) {
        Map<String, IndexedValueType> known = operator.listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(namespace)
                        .build())
                .getCustomAttributesMap();
        return keywords.stream()
                .filter(name -> known.get(name) != IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                .toList();
    }

    private static OperatorServiceBlockingStub soon(OperatorServiceStubs operator) {
        return operator.blockingStub().withDeadlineAfter(ONE_CALL.toMillis(), TimeUnit.MILLISECONDS);
    }
}
