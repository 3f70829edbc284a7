package io.palimpsest.retrain.workflow;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/** What lists of runs can be asked by on a Temporal server, such as {@code PalimpsestStage = 'TRAIN'}. */
public final class RunAttributes {
    /** {@code tenant/collection}. */
    static final SearchAttributeKey<String> COLLECTION = SearchAttributeKey.forKeyword("PalimpsestCollection");

    static final SearchAttributeKey<String> STAGE = SearchAttributeKey.forKeyword("PalimpsestStage");
    static final SearchAttributeKey<String> MODEL = SearchAttributeKey.forKeyword("PalimpsestModel");

    /** Each of type Keyword. */
    public static final List<String> NAMES = List.of(COLLECTION.getName(), STAGE.getName(), MODEL.getName());

    private RunAttributes() {}
}
