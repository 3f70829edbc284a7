package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.extract.fork.DocumentFetcher;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * Class path of a parser process: Tika, what its standard parsers need, and this module's own classes. Everything else
 * of the running class path stays out, which keeps the process small and quick to start.
 */
final class ForkClassPath {
    /** The transitive artifacts of tika-parsers-standard-package, by name without version; loggers are left out. */
    private static final Pattern NEEDED = Pattern.compile("("
            + String.join(
                    "|",
                    "tika-[a-z-]+",
                    "poi(-ooxml|-ooxml-full|-ooxml-lite|-scratchpad)?",
                    "xmlbeans|curvesapi|SparseBitSet|commons-math3|log4j-api",
                    "pdfbox(-io|-tools)?|fontbox|jempbox|xmpbox|jbig2-imageio|jai-imageio-core",
                    "commons-(io|codec|compress|lang3|collections4|csv|exec)",
                    "jcl-over-slf4j|slf4j-api",
                    "bc(prov|mail|pkix|util)-jdk18on",
                    "apache-mime4j-(core|dom)|java-libpst|jackcess(-encrypt)?",
                    "metadata-extractor|xmpcore|vorbis-java-(core|tika)",
                    "jsoup|jhighlight|asm|parso|jmatio|dd-plist|juniversalchardet|rome(-utils)?|jdom2",
                    "jaxb-runtime|jaxb-core|jakarta.xml.bind-api|jakarta.activation-api|angus-activation|txw2",
                    "istack-commons-runtime|junrar|xz|dec|jwarc")
            + ")-[0-9][^/]*\\.jar");

    private ForkClassPath() {}

    /** From the running JVM's class path; jars that a manifest names are followed. */
    static List<Path> ofRunningJvm() {
        Set<Path> needed = new LinkedHashSet<>();
        needed.add(ownLocation());
        for (Path entry : runningEntries()) {
            if (NEEDED.matcher(String.valueOf(entry.getFileName())).matches()) {
                needed.add(entry);
            }
        }
        if (needed.stream().noneMatch(path -> path.toString().contains("tika-core"))) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the class path has no tika-core jar: give the parser's class path");
        }
        return List.copyOf(needed);
    }

    private static Path ownLocation() {
        try {
            return Path.of(DocumentFetcher.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new PalimpsestException(ErrorCode.INTERNAL, "own class path entry has no address", e);
        }
    }

    private static List<Path> runningEntries() {
        List<Path> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), -1)) {
            if (!entry.isEmpty()) {
                Path path = Path.of(entry).toAbsolutePath();
                entries.add(path);
                entries.addAll(namedByManifest(path));
            }
        }
        return entries;
    }

    private static List<Path> namedByManifest(Path jar) {
        if (!jar.toString().endsWith(".jar") || !Files.isRegularFile(jar)) {
            return List.of();
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String named =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            List<Path> paths = new ArrayList<>();
            for (String reference :
                    named == null ? new String[0] : named.strip().split("\\s+", -1)) {
                URI address = jar.toUri().resolve(reference);
                if ("file".equals(address.getScheme())) {
                    paths.add(Path.of(address));
                }
            }
            return paths;
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "class path entry does not open: " + jar, e);
        }
    }
}
