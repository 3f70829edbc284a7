package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.palimpsest.platform.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The description of the API, as a server serves it. */
record OpenApi(JsonNode document) {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Pattern ROLES = Pattern.compile("\\bRole ([A-Z]+(?:(?:, | or )[A-Z]+)*)");

    /**
     * One route.
     *
     * @param method in capitals
     * @param path with parameters in braces
     */
    record Operation(String method, String path, JsonNode description) {
        /** Any one of them is enough; as the summary or the description names them. */
        Set<Role> roles() {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            Matcher named = ROLES.matcher(description.path("summary").asText() + "\n"
                    + description.path("description").asText());
            while (named.find()) {
                for (String role : named.group(1).split(", | or ", -1)) {
                    roles.add(Role.valueOf(role));
                }
            }
            return roles;
        }

        boolean needsKey() {
            return !description.path("security").isArray();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static OpenApi parse(String yaml) {
        try {
            return new OpenApi(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
                    }
                }));
        return operations;
    }
}
