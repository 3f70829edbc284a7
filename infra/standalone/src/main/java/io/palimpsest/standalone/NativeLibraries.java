package io.palimpsest.standalone;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Native libraries, taken out of their jars once per version and then loaded from where they lie. Left alone each would
 * write tens of megabytes into the temporary directory at each start, and leave them there when it is killed.
 *
 * <p>Failure: none; a library that cannot be laid down takes itself out of its jar, as it always does.
 *
 * @param directory may be emptied at any time while nothing runs
 */
record NativeLibraries(Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    private static final boolean MAC = OS.startsWith("mac");
    private static final boolean WINDOWS = OS.startsWith("windows");
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

    private record Laid(Path home, String name) {
        Path file() {
            return home.resolve(name);
        }
    }

    /** SQLite must be loaded right after. */
    void database() {
        String folder = (MAC ? "Mac" : WINDOWS ? "Windows" : "Linux") + (ARM ? "/aarch64" : "/x86_64");
        laid("org/sqlite/native/" + folder, System.mapLibraryName("sqlitejdbc")).ifPresent(laid -> {
            System.setProperty("org.sqlite.lib.path", laid.home().toString());
            System.setProperty("org.sqlite.lib.name", laid.name());
        });
    }

    /** Loads zstd and RocksDB. */
    void load() {
        String folder = (MAC ? "darwin" : WINDOWS ? "win" : "linux") + (ARM ? "/aarch64" : MAC ? "/x86_64" : "/amd64");
        String zstd = System.mapLibraryName("zstd-jni-" + version(Native.class));
        laid(folder, zstd).ifPresent(laid -> {
            System.setProperty("ZstdNativePath", laid.file().toString());
            load("zstd", Native::load);
        });
        // RocksDB looks for a file of another name than its jar has.
        laid("", Environment.getJniLibraryFileName("rocksdb"), Environment.getJniLibraryFileName("rocksdbjni"))
                .ifPresent(laid -> load(
                        "RocksDB", () -> RocksDB.loadLibrary(List.of(laid.home().toString()))));
    }

    private static void load(String name, Runnable loading) {
        try {
            loading.run();
        } catch (UnsatisfiedLinkError e) { // such as of another C library
            System.clearProperty("ZstdNativePath");
            LOG.atWarn().setCause(e).log("{} cannot be loaded from the data directory and loads itself", name);
        }
    }

    /** ONNX Runtime must be loaded right after. */
    void onnxRuntime() {
        String folder =
                "ai/onnxruntime/native/" + (MAC ? "osx" : WINDOWS ? "win" : "linux") + (ARM ? "-aarch64" : "-x64");
        Optional<Laid> runtime = laid(folder, System.mapLibraryName("onnxruntime"));
        Optional<Laid> bridge = laid(folder, System.mapLibraryName("onnxruntime4j_jni"));
        if (runtime.isPresent() && bridge.isPresent()) {
            System.setProperty("onnxruntime.native.path", runtime.get().home().toString());
        }
    }

    /** {@code 1.5.7-28} of {@code zstd-jni-1.5.7-28.jar}. */
    private static String version(Class<?> of) {
        String jar = of.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceAll("^.*/[a-z-]+-|\\.jar$", "");
    }

    /** The library of a folder in a jar, as a file under the jar's name; empty where there is none for this machine. */
    private Optional<Laid> laid(String folder, String name) {
        return laid(folder, name, name);
    }

    private Optional<Laid> laid(String folder, String name, String as) {
        URL resource = ClassLoader.getSystemResource(folder.isEmpty() ? name : folder + "/" + name);
        if (resource == null) {
            return Optional.empty();
        }
        try {
            URLConnection connection = resource.openConnection();
            if (!(connection instanceof JarURLConnection inJar)) {
                return Optional.empty();
            }
            Path jar = Path.of(inJar.getJarFile().getName()).getFileName();
            Path home = Files.createDirectories(directory.resolve(jar.toString().replaceAll("\\.jar$", "")));
            Laid laid = new Laid(home.toAbsolutePath(), as);
            if (!Files.exists(laid.file())
                    || Files.size(laid.file()) != inJar.getJarEntry().getSize()) {
                lay(resource, laid.file());
            }
            return Optional.of(laid);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} cannot be laid down under the data directory", name);
            return Optional.empty();
        }
    }

    /** Under its name only once it is whole. */
    private static void lay(URL resource, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (InputStream in = resource.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
