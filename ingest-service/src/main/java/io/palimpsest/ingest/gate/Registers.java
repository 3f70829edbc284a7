package io.palimpsest.ingest.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.Position;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a document: one register per independently changeable thing, and the position of its last delete, which
 * voids every register at or below it. A change is such a state too (the registers it sets), and applying it is
 * {@link #join}: a least upper bound, commutative, associative and idempotent, so the order of arrival cannot matter.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Registers(
        Position deletedAt,
        @Nullable Register<Content> content,
        @Nullable Register<String> title,
        @Nullable Register<String> location,
        @Nullable Register<List<String>> access,
        @Nullable Register<Map<String, String>> labels,
        @Nullable Register<Boolean> sensitive) {

    static final Registers NONE = new Registers(Position.NONE, null, null, null, null, null, null);

    /** Content and how the source declared it: what extraction depends on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Content(
            ContentReference reference,
            @Nullable String contentType,
            @Nullable String fileName) {
        /** Same stored bytes, declared alike. Behind a URI there may be anything: never known to be the same. */
        boolean sameBytes(Content other) {
            return reference.stored() != null && equals(other);
        }
    }

    /** What becomes visible of it all. */
    enum Status {
        /** Nothing was ever said, or it has been forgotten. */
        UNKNOWN,
        LIVE,
        /** Property changes came, the content they belong to has not. */
        PENDING,
        DELETED
    }

    /** The registers that one change sets. Partial changes leave what they do not name; full ones set everything. */
    static Registers of(DocumentChanged change, Position at, List<String> defaultAccess) {
        DocumentProperties p = change.properties();
        return switch (change.type()) {
            case DELETED -> new Registers(at, null, null, null, null, null, null);
            case MOVED ->
                new Registers(Position.NONE, null, named(at, p.title()), named(at, p.location()), null, null, null);
            case ACCESS_CHANGED ->
                new Registers(
                        Position.NONE,
                        null,
                        null,
                        null,
                        named(at, sorted(p.access())),
                        named(at, p.labels()),
                        named(at, p.sensitive()));
            case CREATED, UPDATED ->
                new Registers(
                        Position.NONE,
                        content(change, at),
                        new Register<>(at, p.title()),
                        new Register<>(at, p.location()),
                        new Register<>(at, sorted(p.access() == null ? defaultAccess : p.access())),
                        new Register<>(at, p.labels() == null ? Map.of() : p.labels()),
                        new Register<>(at, p.sensitive() != null && p.sensitive()));
        };
    }

    Registers join(Registers other) {
        Position deleted = Position.max(deletedAt, other.deletedAt);
        return new Registers(
                deleted,
                surviving(deleted, Register.later(content, other.content)),
                surviving(deleted, Register.later(title, other.title)),
                surviving(deleted, Register.later(location, other.location)),
                surviving(deleted, Register.later(access, other.access)),
                surviving(deleted, Register.later(labels, other.labels)),
                surviving(deleted, Register.later(sensitive, other.sensitive)));
    }

    Status status() {
        if (content != null) {
            return Status.LIVE;
        }
        if (present().findAny().isPresent()) {
            return Status.PENDING;
        }
        return deletedAt.equals(Position.NONE) ? Status.UNKNOWN : Status.DELETED;
    }

    /** The highest position that any change seen so far had and that still matters. */
    Position highest() {
        return present().map(Register::at).reduce(deletedAt, Position::max);
    }

    /** True when a change made no difference: below live content the position of a delete has none. */
    boolean sameAs(Registers other) {
        return equals(other) || (content != null && equals(other.withDeletedAt(deletedAt)));
    }

    DocumentProperties properties() {
        Content declared = valueOf(content);
        return new DocumentProperties(
                valueOf(title),
                valueOf(location),
                declared == null ? null : declared.contentType(),
                declared == null ? null : declared.fileName(),
                valueOf(access),
                valueOf(labels),
                valueOf(sensitive));
    }

    private Registers withDeletedAt(Position position) {
        return new Registers(position, content, title, location, access, labels, sensitive);
    }

    private Stream<Register<?>> present() {
        return Stream.<@Nullable Register<?>>of(content, title, location, access, labels, sensitive)
                .flatMap(Stream::ofNullable);
    }

    private static Register<Content> content(DocumentChanged change, Position at) {
        ContentReference reference = change.content();
        if (reference == null) {
            throw new IllegalArgumentException("a full change without content");
        }
        return new Register<>(
                at,
                new Content(
                        reference,
                        change.properties().contentType(),
                        change.properties().fileName()));
    }

    private static <T> @Nullable Register<T> named(Position at, @Nullable T value) {
        return value == null ? null : new Register<>(at, value);
    }

    private static @Nullable List<String> sorted(@Nullable List<String> access) {
        return access == null ? null : access.stream().distinct().sorted().toList();
    }

    private static <T> @Nullable Register<T> surviving(Position deleted, @Nullable Register<T> register) {
        return register == null || !register.at().isAfter(deleted) ? null : register;
    }

    private static <T> @Nullable T valueOf(@Nullable Register<T> register) {
        return register == null ? null : register.value();
    }
}
