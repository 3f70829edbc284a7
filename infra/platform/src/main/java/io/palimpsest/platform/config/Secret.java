package io.palimpsest.platform.config;

/** A setting that never prints itself. */
public record Secret(String value) {
    public static final Secret NONE = new Secret("");

    public boolean isPresent() {
        return !value.isEmpty();
    }

    @Override
    public String toString() {
        return isPresent() ? "***" : "";
    }
}
