package io.palimpsest.contracts.id;

import java.util.regex.Pattern;

/** The alphabet of names that become part of paths, topics and keys. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private Names() {}

    static void require(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("not a valid " + what
                    + " name: use 1 to 63 lower-case letters, digits, '-' or '_', starting with a letter or digit");
        }
    }
}
