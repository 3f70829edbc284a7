package io.palimpsest.index.weaviate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which servers will do. */
final class ServerVersion {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4}).*");
    private static final int MAJOR = 1;
    private static final int MINOR = 32;

    private ServerVersion() {}

    static void check(String version, Failures failures) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw failures.refused("does not say its version: is it Weaviate?");
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        if (major < MAJOR || (major == MAJOR && minor < MINOR)) {
            throw failures.refused("has version " + version + ": upgrade it to 1.32 or later");
        }
    }
}
