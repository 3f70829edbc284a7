package io.palimpsest.platform.temporal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Release of a server; its patches change nothing for us. */
record ServerVersion(int major, int minor) {
    private static final Pattern TEXT = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6}).*");

    /** Empty where the server names itself in another way, as builds of one's own do. */
    static Optional<ServerVersion> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new ServerVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    boolean isAfter(ServerVersion other) {
        return major != other.major ? major > other.major : minor > other.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
