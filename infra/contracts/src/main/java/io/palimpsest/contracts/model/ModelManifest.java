package io.palimpsest.contracts.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.TenantId;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json} of a model's folder. The same snapshot, seed and configuration give the same bytes, so it has no
 * time in it (law 11).
 *
 * @param id content-addressed: {@code name/precision/8 hex digits of} {@link #digest}
 * @param base the model it was trained from; null for one that came from outside
 * @param dimensions of its vectors; 0 for a generator
 * @param maxTokens special tokens included; 0 for a generator
 * @param files every other file of the folder, by name, with its SHA-256
 * @param snapshot hash of the training set; null where nothing was trained here
 * @param trainer name of the trainer with its version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelManifest(
        ModelId id,
        Kind kind,
        @Nullable ModelId base,
        int dimensions,
        int maxTokens,
        SortedMap<String, ContentHash> files,
        @Nullable ContentHash snapshot,
        @Nullable Long seed,
        String trainer) {
    /** Models are kept as documents of this tenant; no key may be of it. */
    public static final TenantId TENANT = new TenantId("palimpsest-models");
    /** Of a model's folder. */
    public static final String FILE = "manifest.json";
    /** The encoder as fp32 ONNX: input ids, mask and types in, last hidden state out. */
    public static final String ENCODER = "model.onnx";
    /** The same, quantised to int8. */
    public static final String ENCODER_INT8 = "model-int8.onnx";
    /** What was trained, alone. */
    public static final String ADAPTER = "adapter.safetensors";
    /** Endpoint and name of a generator, as JSON. */
    public static final String GENERATOR = "generator.json";

    public ModelManifest {
        files = new TreeMap<>(files);
    }

    /** What it can do. */
    public enum Kind {
        /** Replaces the embedder: a new generation has to be built with it. */
        ENCODER,
        /** Changes vectors of queries only: the generation of its base goes on. */
        QUERY_ADAPTER,
        /** Writes answers, served elsewhere: the folder says where and under which name; it has no vectors. */
        GENERATOR
    }

    /** Over name and hash of every file, in the order of names, a line {@code name hash\n} each. */
    public static ContentHash digest(SortedMap<String, ContentHash> files) {
        StringBuilder lines = new StringBuilder();
        files.forEach(
                (name, hash) -> lines.append(name).append(' ').append(hash).append('\n'));
        return ContentHash.ofText(lines.toString());
    }

    /** @param name such as {@code all-minilm-l6-v2-lora}
     * @param precision of the file that serves: {@code fp32} or {@code int8}; {@code remote} for a generator */
    public static ModelId idOf(String name, String precision, SortedMap<String, ContentHash> files) {
        return new ModelId(name + "/" + precision + "/" + digest(files).value().substring(0, 8));
    }
}
