package io.palimpsest.platform.content;

import com.google.crypto.tink.StreamingAead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.s3.S3Bucket;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.telemetry.Health;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * {@link ContentStore} in a bucket, encrypted before it is sent: one object for each content, named and sealed as
 * {@link Seal} says. An object appears whole under its name or not at all.
 *
 * <p>Failure: {@link ErrorCode#STORE_FAILED} for everything that ends by itself or by an operator's hand.
 */
public final class S3ContentStore extends SealingStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3ContentStore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Older uploads were left by a process that died; a younger one may be another's that is still sending. */
    private static final Duration ABANDONED = Duration.ofDays(1);
    /** A name that no content has. */
    private static final String TRIAL = "trial";

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int ATTEMPTS = 3;

    private final S3Client client;
    private final S3Bucket bucket;
    private final S3ContentSettings settings;
    private volatile boolean conditional = true;

    private S3ContentStore(S3Client client, S3ContentSettings settings, DocumentKeys keys) {
        super(keys);
        this.client = client;
        this.settings = settings;
        this.bucket = new S3Bucket(
                client,
                new S3Bucket.Place(
                        settings.access().address(), settings.bucket(), "content.s3", ErrorCode.STORE_FAILED),
                this::check);
    }

    /**
     * Returns when the bucket can be used; a server that does not answer yet is waited for.
     *
     * @throws PalimpsestException CONFIG_INVALID where waiting would not help, STORE_FAILED where it did not
     */
    public static S3ContentStore open(S3ContentSettings settings, DocumentKeys keys) {
        return open(S3Clients.of(settings.access()), settings, keys, new Patience(PATIENCE, ABANDONED));
    }

    /**
     * How long is waited.
     *
     * @param start for a server that does not answer
     * @param abandoned until an upload that is not completed is removed
     */
    record Patience(Duration start, Duration abandoned) {}

    /** @param client is closed with the store */
    static S3ContentStore open(S3Client client, S3ContentSettings settings, DocumentKeys keys, Patience patience) {
        S3ContentStore store = unchecked(client, settings, keys);
        try {
            store.bucket.await(patience.start());
            store.removeAbandoned(patience.abandoned());
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** One that learns only by and by what it can do. */
    static S3ContentStore unchecked(S3Client client, S3ContentSettings settings, DocumentKeys keys) {
        return new S3ContentStore(client, settings, keys);
    }

    /** Whether the bucket answers; never waits. */
    public Health.State state() {
        return bucket.state();
    }

    @Override
    public Optional<InputStream> open(DocumentKey key, ContentHash hash) {
        return keys.find(key).flatMap(own -> open(new Seal(own, key, hash)));
    }

    @Override
    public boolean contains(DocumentKey key, ContentHash hash) {
        return keys.find(key).isPresent()
                && bucket.ask("content cannot be looked for", s3 -> {
                    try {
                        return s3.headObject(r -> r.bucket(bucket.name()).key(name(key, hash))) != null;
                    } catch (NoSuchKeyException e) {
                        return false;
                    }
                });
    }

    @Override
    public Set<ContentHash> list(DocumentKey key) {
        return keys.find(key).isEmpty() ? Set.of() : stored(key);
    }

    @Override
    public void delete(DocumentKey key, ContentHash hash) {
        bucket.ask(
                "content cannot be deleted",
                s3 -> s3.deleteObject(r -> r.bucket(bucket.name()).key(name(key, hash))));
    }

    @Override
    public void eraseDocument(DocumentKey key) {
        // The key first: from here on nothing is readable, whatever happens to the objects, old versions of them,
        // backups.
        keys.destroy(key);
        stored(key).forEach(hash -> delete(key, hash));
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    ContentHash put(StreamingAead own, DocumentKey key, ContentHash hash, Seal.Content content) {
        Seal seal = new Seal(own, key, hash);
        boolean ifAbsent = conditional;
        // Little is sent on the chance that it is new; of much it is asked first, and of all where no condition can be
        // set.
        if ((!ifAbsent || content.size() > settings.partBytes()) && isSound(seal)) {
            return hash;
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            S3Upload.Outcome outcome = send(seal, content, ifAbsent);
            if (outcome == S3Upload.Outcome.STORED || isSound(seal)) {
                return hash;
            }
            if (outcome == S3Upload.Outcome.UNCONDITIONAL_ONLY) {
                conditional = false;
            }
            ifAbsent = false; // what is there is damaged, or sealed with a key that was destroyed
        }
        throw bucket.failed("content cannot be stored: others write it at the same time", null);
    }

    private S3Upload.Outcome send(Seal seal, Seal.Content content, boolean ifAbsent) {
        S3Upload upload = new S3Upload(bucket, settings, name(seal.document(), seal.hash()), ifAbsent);
        try {
            content.writeTo(seal, upload);
            return upload.complete();
        } catch (IOException e) {
            throw failed("content " + seal.hash() + " cannot be stored", seal.document(), e);
        } finally {
            upload.abort();
        }
    }

    private Optional<InputStream> open(Seal seal) {
        return S3Download.open(
                        bucket,
                        name(seal.document(), seal.hash()),
                        settings.access().attempts())
                .map(object -> {
                    try {
                        return seal.open(object);
                    } catch (IOException e) {
                        throw failed("content " + seal.hash() + " cannot be opened", seal.document(), e);
                    }
                });
    }

    private boolean isSound(Seal seal) {
        return isIntact(seal.document(), seal.hash());
    }

    private Set<ContentHash> stored(DocumentKey key) {
        String folder = folder(key);
        return bucket.ask(
                "its content cannot be listed",
                s3 -> s3.listObjectsV2Paginator(r -> r.bucket(bucket.name()).prefix(folder)).contents().stream()
                        .map(S3Object::key)
                        .map(name -> name.substring(folder.length()))
                        .filter(name -> HASH.matcher(name).matches())
                        .map(ContentHash::new)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Listing, and the right to write: an upload that is begun and thrown away leaves nothing. */
    private void check(S3Client s3, String name) {
        s3.listObjectsV2(r -> r.bucket(name).prefix(settings.prefix()).maxKeys(1));
        String trial = settings.prefix() + TRIAL;
        String id = s3.createMultipartUpload(r -> r.bucket(name).key(trial)).uploadId();
        s3.abortMultipartUpload(r -> r.bucket(name).key(trial).uploadId(id));
    }

    private void removeAbandoned(Duration age) {
        Instant before = Instant.now().minus(age);
        try {
            bucket.ask("abandoned uploads cannot be removed", s3 -> {
                s3
                        .listMultipartUploadsPaginator(
                                r -> r.bucket(bucket.name()).prefix(settings.prefix()))
                        .uploads()
                        .stream()
                        .filter(upload -> upload.initiated().isBefore(before))
                        .forEach(upload -> abort(s3, upload));
                return age;
            });
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("errorCode", e.code().id())
                    .log("uploads that a killed process left take room in the bucket until they are removed");
        }
    }

    private void abort(S3Client s3, MultipartUpload upload) {
        s3.abortMultipartUpload(r -> r.bucket(bucket.name()).key(upload.key()).uploadId(upload.uploadId()));
    }

    private String name(DocumentKey key, ContentHash hash) {
        return folder(key) + hash.value();
    }

    private String folder(DocumentKey key) {
        return settings.prefix() + Seal.folder(key) + "/";
    }
}
