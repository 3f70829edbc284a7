package io.palimpsest.index.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.search.SearchBody;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads request bodies strictly: an option that does not exist is an error that names those that do. */
final class RequestBodies {
    private final ObjectReader reader;

    RequestBodies() {
        this.reader = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Enum, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
                .build()
                .readerFor(SearchBody.class);
    }

    SearchBody read(String json) {
        try {
            SearchBody body = reader.readValue(json);
            if (body != null) {
                return body;
            }
            throw invalid("the body is not a JSON object", null);
        } catch (UnrecognizedPropertyException e) {
            String known = new TreeSet<>(e.getKnownPropertyIds())
                    .stream().map(Object::toString).collect(Collectors.joining(", "));
            throw invalid("unknown option '" + cut(e.getPropertyName()) + "'; there are: " + known, null);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof PalimpsestException known) {
                throw known;
            }
            String path = e.getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .map(String::valueOf)
                    .collect(Collectors.joining("."));
            throw invalid(path.isEmpty() ? "the body is not a JSON object" : path + ": not a valid value", null);
        } catch (JsonProcessingException e) {
            throw invalid("the body is not valid JSON", e);
        }
    }

    private static PalimpsestException invalid(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.QUERY_INVALID, message, cause);
    }

    private static String cut(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
