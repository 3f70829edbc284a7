package io.palimpsest.platform.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prices; where there are none, no money is reckoned.
 *
 * @param currency as it is printed; empty: none
 */
public record CostSettings(
        Optional<Double> cpuHour, Optional<Double> label, Optional<Double> thousandTokens, String currency) {
    private static final List<String> PRICES = List.of("cost.cpu.hour", "cost.label", "cost.tokens.thousand");

    static void define(Definition definition) {
        definition
                .group("Costs")
                .text("cost.cpu.hour", "", "Price of an hour of one processor; empty: none.")
                .text("cost.label", "", "Price of one grade by one reviewer; empty: none.")
                .text(
                        "cost.tokens.thousand",
                        "",
                        "Price of 1,000 tokens trained at the fine-tuning endpoint; empty: none.")
                .text("cost.currency", "", "Printed beside prices.");
    }

    static CostSettings of(Values values) {
        return new CostSettings(
                price(values, "cost.cpu.hour"),
                price(values, "cost.label"),
                price(values, "cost.tokens.thousand"),
                values.text("cost.currency"));
    }

    /** Whether money can be reckoned at all. */
    public boolean isPriced() {
        return cpuHour.isPresent() || label.isPresent() || thousandTokens.isPresent();
    }

    private static Optional<Double> price(Values values, String key) {
        return values.optional(key).map(text -> new BigDecimal(text).doubleValue());
    }

    /** Why the settings cannot be used. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        for (String key : PRICES) {
            if (values.optional(key)
                    .filter(text -> !text.matches("\\d{1,9}(\\.\\d{1,9})?"))
                    .isPresent()) {
                problems.add(key + ": must be a price such as 0.05, or empty");
            }
        }
        return problems;
    }
}
