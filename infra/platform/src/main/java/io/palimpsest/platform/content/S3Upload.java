package io.palimpsest.platform.content;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.s3.S3Bucket;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Sends what is written to it as one object: at once where it fits one part, otherwise part by part. Nothing is visible
 * before {@link #complete} has said so; closed without it, what was sent is thrown away.
 *
 * <p>Threading: one thread. Memory: one part.
 */
final class S3Upload extends OutputStream {
    private static final String WHAT = "content cannot be stored";
    private static final int FIRST_BYTES = 16 * 1024;
    private static final int MAX_PARTS = 10_000;
    private static final String TYPE = "application/octet-stream";

    private final S3Bucket bucket;
    private final S3ContentSettings settings;
    private final String name;
    private final boolean ifAbsent;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[FIRST_BYTES];
    private int count;
    private @Nullable String uploadId;
    private boolean ended;

    /** How it ended. */
    enum Outcome {
        STORED,
        /** There is an object of this name, or another upload of it is ending. */
        TAKEN,
        /** The server knows no conditions: nothing was stored. */
        UNCONDITIONAL_ONLY
    }

    /** @param ifAbsent an object that is there stays */
    S3Upload(S3Bucket bucket, S3ContentSettings settings, String name, boolean ifAbsent) {
        this.bucket = bucket;
        this.settings = settings;
        this.name = name;
        this.ifAbsent = ifAbsent;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0 && !ended) {
            if (count == settings.partBytes()) {
                sendPart();
            }
            int fits = Math.min(left, settings.partBytes() - count);
            if (count + fits > buffer.length) {
                buffer = Arrays.copyOf(
                        buffer, (int) Math.min(settings.partBytes(), Math.max(2L * buffer.length, count + fits)));
            }
            System.arraycopy(bytes, at, buffer, count, fits);
            count += fits;
            at += fits;
            left -= fits;
        }
    }

    Outcome complete() {
        if (uploadId == null) {
            ended = true;
            return settled(this::putWhole);
        }
        if (count > 0) {
            sendPart();
        }
        Outcome outcome = settled(this::completeParts);
        if (outcome == Outcome.STORED) {
            ended = true;
        } else {
            abort();
        }
        return outcome;
    }

    /** Throws away what was sent, unless it was completed. What cannot be thrown away now is at a later start. */
    void abort() {
        String id = uploadId;
        if (id != null && !ended) {
            try {
                bucket.ask(
                        "an upload cannot be aborted",
                        s3 -> s3.abortMultipartUpload(
                                r -> r.bucket(bucket.name()).key(name).uploadId(id)));
            } catch (PalimpsestException e) {
                // Invisible, encrypted, and removed at a later start.
            }
        }
        ended = true;
    }

    private interface Last {
        void send(S3Client client);
    }

    private Outcome settled(Last last) {
        return bucket.ask(WHAT, s3 -> {
            try {
                last.send(s3);
                return Outcome.STORED;
            } catch (NoSuchUploadException e) { // completed before, by an attempt whose answer was lost
                return Outcome.TAKEN;
            } catch (S3Exception e) {
                if (ifAbsent && (e.statusCode() == 412 || e.statusCode() == 409)) {
                    return Outcome.TAKEN;
                }
                if (ifAbsent && e.statusCode() == 501) {
                    return Outcome.UNCONDITIONAL_ONLY;
                }
                throw e;
            }
        });
    }

    private void putWhole(S3Client s3) {
        String checksum = checksum();
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket.name())
                .key(name)
                .contentType(TYPE)
                .ifNoneMatch(condition());
        switch (settings.checksum()) {
            case CRC32 -> request.checksumCRC32(checksum);
            case SHA256 -> request.checksumSHA256(checksum);
            case NONE -> {}
        }
        s3.putObject(request.build(), body());
    }

    private void completeParts(S3Client s3) {
        s3.completeMultipartUpload(r -> r.bucket(bucket.name())
                .key(name)
                .uploadId(uploadId)
                .ifNoneMatch(condition())
                .multipartUpload(upload -> upload.parts(parts)));
    }

    private void sendPart() {
        String id = uploadId == null ? begin() : uploadId;
        uploadId = id;
        int number = parts.size() + 1;
        if (number > MAX_PARTS) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED,
                    "content has more than " + MAX_PARTS + " parts of " + settings.partBytes()
                            + " bytes: raise content.s3.part.bytes");
        }
        try {
            parts.add(sendPart(id, number));
        } catch (PalimpsestException e) {
            abort(); // who still writes, such as the streams above that are closed now, writes into the void
            throw e;
        }
        count = 0;
    }

    private CompletedPart sendPart(String id, int number) {
        String checksum = checksum();
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(bucket.name())
                .key(name)
                .uploadId(id)
                .partNumber(number);
        CompletedPart.Builder part = CompletedPart.builder().partNumber(number);
        switch (settings.checksum()) {
            case CRC32 -> {
                request.checksumCRC32(checksum);
                part.checksumCRC32(checksum);
            }
            case SHA256 -> {
                request.checksumSHA256(checksum);
                part.checksumSHA256(checksum);
            }
            case NONE -> {}
        }
        return part.eTag(bucket.ask(WHAT, s3 -> s3.uploadPart(request.build(), body()))
                        .eTag())
                .build();
    }

    private String begin() {
        return bucket.ask(
                        WHAT,
                        s3 -> s3.createMultipartUpload(r -> r.bucket(bucket.name())
                                .key(name)
                                .contentType(TYPE)
                                .checksumAlgorithm(algorithm())))
                .uploadId();
    }

    private @Nullable String condition() {
        return ifAbsent ? "*" : null;
    }

    private @Nullable ChecksumAlgorithm algorithm() {
        return switch (settings.checksum()) {
            case CRC32 -> ChecksumAlgorithm.CRC32;
            case SHA256 -> ChecksumAlgorithm.SHA256;
            case NONE -> null;
        };
    }

    private RequestBody body() {
        byte[] bytes = buffer;
        int length = count;
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, TYPE);
    }

    /** Base64 of the big-endian bytes, as the headers {@code x-amz-checksum-*} have it. */
    private String checksum() {
        return switch (settings.checksum()) {
            case CRC32 -> {
                CRC32 crc = new CRC32();
                crc.update(buffer, 0, count);
                yield base64(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
            }
            case SHA256 -> {
                MessageDigest digest = ContentHash.sha256();
                digest.update(buffer, 0, count);
                yield base64(digest.digest());
            }
            case NONE -> "";
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
