package io.palimpsest.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads request bodies strictly: a property that does not exist is an error that names those that do. Messages hold no value
 * of the body.
 *
 * <p>Threading: safe.
 */
public final class StrictJson<T> {
    private static final int SHOWN_NAME = 40;

    private final ErrorCode code;
    private final ObjectReader reader;

    /** @param code of every body that is not of this type */
    public StrictJson(Class<T> type, ErrorCode code) {
        this.code = code;
        this.reader = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build()
                .readerFor(type);
    }

    /** @throws PalimpsestException with this reader's code */
    public T read(String json) {
        try {
            T body = reader.readValue(json);
            if (body == null) {
                throw new PalimpsestException(code, "the body is not a JSON object");
            }
            return body;
        } catch (UnrecognizedPropertyException e) {
            String name = e.getPropertyName();
            String known = new TreeSet<>(e.getKnownPropertyIds())
                    .stream().map(Object::toString).collect(Collectors.joining(", "));
            throw new PalimpsestException(
                    code,
                    "unknown property '" + name.substring(0, Math.min(SHOWN_NAME, name.length())) + "'; there are: "
                            + known);
        } catch (JsonMappingException e) {
            String path = e.getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .map(String::valueOf)
                    .collect(Collectors.joining("."));
            throw new PalimpsestException(
                    code, path.isEmpty() ? "the body is not a JSON object" : path + ": not a valid value");
        } catch (JsonProcessingException e) {
            throw new PalimpsestException(code, "the body is not valid JSON");
        }
    }
}
