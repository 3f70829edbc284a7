package io.palimpsest.retrain.tune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small training set about the parts of a house: enough for a few steps with batches of four. */
public final class TinySnapshot {
    private static final List<List<String>> TRAIN = List.of(
            List.of(
                    "why does the boiler rumble",
                    "Scale on the heat exchanger makes a boiler rumble; descaling ends it."),
            List.of(
                    "bleed a cold radiator",
                    "A radiator that is cold at the top holds air: open the valve until water comes."),
            List.of(
                    "window lets in a draught",
                    "Worn seals around a casement let air through and are replaced in strips."),
            List.of(
                    "door sticks in summer",
                    "Timber swells in humid air, so a door binds in its frame until it is planed."),
            List.of(
                    "green stain on the copper roof",
                    "Copper weathers to verdigris, a layer that protects the metal below."),
            List.of(
                    "mortar crumbles between bricks",
                    "Joints are raked out and repointed with lime where mortar has gone soft."),
            List.of(
                    "stairs creak at night",
                    "Treads creak as they rub on the risers; glue blocks from below keep them still."),
            List.of(
                    "lamp flickers when the fridge starts",
                    "A motor's inrush current drops the voltage of a weak circuit for a moment."),
            List.of("gutter overflows in rain", "Leaves block the outlet, and water runs over the edge of the gutter."),
            List.of(
                    "white crust on the cellar wall",
                    "Salts carried by rising damp crystallise where the wall dries out."),
            List.of("tap drips after closing", "A hardened washer no longer seals the seat of the tap."),
            List.of(
                    "smoke comes back into the room",
                    "A cold chimney has no draw; warming the flue first turns the smoke."));

    private static final List<List<String>> VALIDATION = List.of(
            List.of(
                    "floorboards have gaps in winter",
                    "Dry heated air shrinks boards, and the gaps close again in spring."),
            List.of("toilet keeps running", "A flapper that does not seat lets the cistern run without end."),
            List.of("paint peels off the fence", "Wood that was wet when painted throws the film off as it dries."),
            List.of("doorbell stays silent", "The transformer of an old bell fails more often than its button."));

    private static final List<String> OTHERS = List.of(
            "Tiles are cut with a wet saw and laid from the middle of the room outwards.",
            "A spirit level shows whether a shelf hangs straight.");

    private TinySnapshot() {}

    public static SnapshotFolder write(Path folder) {
        return SnapshotFolder.write(folder, pairs(TRAIN, "t"), pairs(VALIDATION, "v"));
    }

    /** The same queries, of which the first has another relevant passage. */
    public static SnapshotFolder writeOther(Path folder) {
        List<JudgedPair> pairs = new ArrayList<>(pairs(TRAIN, "t"));
        pairs.add(new JudgedPair("tq0", TRAIN.getFirst().getFirst(), "tx", "tdx", OTHERS.getFirst(), 2));
        return SnapshotFolder.write(folder, pairs, pairs(VALIDATION, "v"));
    }

    public static List<JudgedPair> pairs() {
        return pairs(TRAIN, "t");
    }

    private static List<JudgedPair> pairs(List<List<String>> lines, String prefix) {
        List<JudgedPair> pairs = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String query = lines.get(i).getFirst();
            pairs.add(new JudgedPair(
                    prefix + "q" + i,
                    query,
                    prefix + "p" + i,
                    prefix + "d" + i,
                    lines.get(i).getLast(),
                    3));
            String other = OTHERS.get(i % OTHERS.size());
            pairs.add(new JudgedPair(
                    prefix + "q" + i,
                    query,
                    prefix + "o" + i % OTHERS.size(),
                    prefix + "do" + i % OTHERS.size(),
                    other,
                    0));
        }
        return pairs;
    }
}
