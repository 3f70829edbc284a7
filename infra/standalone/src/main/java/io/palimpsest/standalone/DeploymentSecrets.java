package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.security.SecretFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secrets of a deployment, each a file; see {@code palimpsest help secrets}.
 *
 * <p>Failure: CONFIG_INVALID where a file can be neither read nor made; an IOException where the certificate cannot.
 */
final class DeploymentSecrets {
    private static final int BYTES = 24;
    /** The longest that common clients accept. */
    private static final String VALID_DAYS = "825";

    /** As compose and the chart (a release named palimpsest) call them. */
    private static final List<String> NAMES = List.of(
            "localhost",
            "ingest",
            "index",
            "retrain",
            "ledger",
            "palimpsest-ingest",
            "palimpsest-index",
            "palimpsest-retrain",
            "palimpsest-ledger");

    /** What the services read. */
    private static final String PROPERTIES = "palimpsest.properties";

    /** Files that hold one secret each, and the setting that the services know it by. */
    private static final Map<String, String> FILES = Map.of(
            "database.password", "database.password",
            "weaviate.key", "index.weaviate.key",
            "s3.access.key", "content.s3.access.key",
            "s3.secret.key", "content.s3.secret.key",
            "tls.password", "http.tls.password");

    private final Path directory;
    private final List<String> made = new ArrayList<>();

    DeploymentSecrets(Path directory) {
        this.directory = directory;
    }

    /**
     * What is there stays.
     *
     * @param hosts names in the certificate, besides those of this machine and of the services
     * @return names of the files that were made
     */
    List<String> make(List<String> hosts) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        permit(directory, "rwx------");
        file("master.key", () -> MasterKey.ensure(directory.resolve("master.key")));
        String admin = text("admin.key", "pal_" + random());
        text("keys.json", keys(admin));
        Properties services = services();
        Map<String, String> shared = new TreeMap<>();
        for (Map.Entry<String, String> each : FILES.entrySet()) {
            // One of the two that was lost is made again of the other.
            String known = services.getProperty(each.getValue());
            shared.put(each.getValue(), text(each.getKey(), known == null ? random() : known));
        }
        text(
                PROPERTIES,
                shared.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                        .collect(Collectors.joining()));
        certificate(hosts, shared.getOrDefault("http.tls.password", ""));
        return made;
    }

    /** Empty where there are none yet. */
    private Properties services() throws IOException {
        Properties services = new Properties();
        Path file = directory.resolve(PROPERTIES);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                services.load(reader);
            }
        }
        return services;
    }

    private static String random() {
        return HexFormat.of().formatHex(SecretFile.random(BYTES));
    }

    private static String keys(String admin) {
        return new String(
                Json.write(List.of(Map.of(
                        "keyHash",
                        ContentHash.ofText(admin).value(),
                        "tenant",
                        "local",
                        "name",
                        "admin",
                        "collections",
                        List.of("*"),
                        "roles",
                        List.of(Role.values())))),
                UTF_8);
    }

    private String text(String name, String first) throws IOException {
        file(name, () -> SecretFile.ensure(directory.resolve(name), () -> first.getBytes(UTF_8)));
        return Files.readString(directory.resolve(name)).strip();
    }

    private void file(String name, Runnable maker) throws IOException {
        Path file = directory.resolve(name);
        boolean there = Files.exists(file);
        maker.run();
        if (!there) {
            permit(file, "rw-r--r--");
            made.add(name);
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString(permissions));
        }
    }

    /** By the JDK's keytool: there is no public API that makes certificates. */
    private void certificate(List<String> hosts, String password) throws IOException, InterruptedException {
        Path store = directory.resolve("tls.p12");
        if (Files.exists(store)) {
            return;
        }
        String names = Stream.concat(NAMES.stream(), hosts.stream())
                .distinct()
                .map(name -> "dns:" + name)
                .collect(Collectors.joining(",", "san=", ",ip:127.0.0.1"));
        Path half = directory.resolve("tls.p12.new");
        Files.deleteIfExists(half);
        String[] key = {"-genkeypair", "-alias", "palimpsest", "-keyalg", "EC", "-groupname", "secp256r1"};
        String[] subject = {"-dname", "CN=Palimpsest", "-validity", VALID_DAYS, "-ext", names};
        keytool(half, password, Stream.of(key, subject).flatMap(Stream::of).toList());
        Path authority = directory.resolve("ca.pem");
        keytool(half, password, List.of("-exportcert", "-alias", "palimpsest", "-rfc", "-file", authority.toString()));
        permit(authority, "rw-r--r--");
        file("tls.p12", () -> rename(half, store));
        made.add("ca.pem");
    }

    private static void rename(Path from, Path to) {
        if (!from.toFile().renameTo(to.toFile())) {
            throw new IllegalStateException(to + " cannot be made");
        }
    }

    private static void keytool(Path store, String password, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        // By the environment: arguments can be seen by every user of the machine.
        command.addAll(
                List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass:env", "STORE_PASSWORD"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STORE_PASSWORD", password);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + said.strip());
        }
    }
}
