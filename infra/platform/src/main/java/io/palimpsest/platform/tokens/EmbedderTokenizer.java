package io.palimpsest.platform.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.model.MiniLmFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The embedding model's own tokenizer.
 *
 * <p>Truncation and padding are taken out of the tokenizer file's hands: MiniLM's file cuts and pads to 128 tokens unseen.
 *
 * <p>Threading: safe for use from any thread. Failure: {@code MODEL_MISSING} where the file or the native library is absent.
 */
public final class EmbedderTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final ContentHash hash;

    /**
     * @param tokenizerJson a Hugging Face {@code tokenizer.json}
     * @param nativesDir where the native library is unpacked, once per process: the first tokenizer's choice holds
     */
    public EmbedderTokenizer(byte[] tokenizerJson, Path nativesDir) {
        keepOffline(nativesDir);
        this.hash = ContentHash.of(tokenizerJson);
        try {
            this.tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(tokenizerJson), Map.of("truncation", "false", "padding", "false"));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_MISSING, "the tokenizer does not load; natives are unpacked to " + nativesDir, e);
        }
    }

    /** MiniLM's tokenizer from the class path. */
    public static EmbedderTokenizer miniLm(Path nativesDir) {
        try {
            return new EmbedderTokenizer(MiniLmFile.TOKENIZER.bytes(), nativesDir);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_MISSING, "MiniLM's tokenizer is not readable: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the tokenizer file. */
    public ContentHash hash() {
        return hash;
    }

    /** Tokens of the text without special tokens. */
    public int count(String text) {
        return text.isEmpty() ? 0 : ids(text, false).length;
    }

    /** Tokens of each text without special tokens, in the order of the texts. */
    public int[] counts(List<String> texts) {
        int[] counts = new int[texts.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = count(texts.get(i));
        }
        return counts;
    }

    /** The text with special tokens at both ends, cut to at most {@code maxTokens} (at least 3) so that the last one stays. */
    public Tokens encode(String text, int maxTokens) {
        if (maxTokens < 3) {
            throw new IllegalArgumentException("maxTokens must be at least 3, was " + maxTokens);
        }
        long[] all = ids(text, true);
        if (all.length <= maxTokens) {
            return new Tokens(all, all.length);
        }
        long[] cut = Arrays.copyOf(all, maxTokens);
        cut[maxTokens - 1] = all[all.length - 1];
        return new Tokens(cut, all.length);
    }

    /** What the library's own {@code encode} does before it copies tokens, words and spans over, which takes as long again. */
    private long[] ids(String text, boolean specialTokens) {
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), wellFormed(text), specialTokens);
        try {
            return TokenizersLibrary.LIB.getTokenIds(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** DJL would report each start to its makers, and fetch a CUDA build where it sees a GPU. */
    private static void keepOffline(Path nativesDir) {
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("RUST_FLAVOR", "cpu");
        setIfAbsent("DJL_CACHE_DIR", nativesDir.toString());
    }

    private static void setIfAbsent(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    /** The native side takes well-formed Unicode only: lone surrogates become U+FFFD. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaceLoneSurrogates(text);
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
