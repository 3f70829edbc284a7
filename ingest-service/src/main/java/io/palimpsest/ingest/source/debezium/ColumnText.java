package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A column's value as people would write it: decimals with all their digits, dates and times in ISO-8601, without a zone where
 * the column has none; objects and arrays as JSON.
 */
final class ColumnText {
    private static final int MAX_SCALE = 20_000; // of PostgreSQL's numeric, rounded up

    private ColumnText() {}

    /**
     * @param value not null
     * @throws IllegalArgumentException where the value is not of the type; without the value
     */
    static String of(JsonNode value, ColumnType type) {
        try {
            return switch (type.kind()) {
                case PLAIN, BYTES -> plain(value);
                case DECIMAL -> decimal(value, type.scale());
                case VARIABLE_DECIMAL -> variableDecimal(value);
                case DAYS -> LocalDate.ofEpochDay(number(value)).toString();
                case TIME_MILLIS -> time(number(value), TimeUnit.MILLISECONDS);
                case TIME_MICROS -> time(number(value), TimeUnit.MICROSECONDS);
                case TIME_NANOS -> time(number(value), TimeUnit.NANOSECONDS);
                case MILLIS -> timestamp(number(value), 1_000);
                case MICROS -> timestamp(number(value), 1_000_000);
                case NANOS -> timestamp(number(value), 1_000_000_000);
            };
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a moment", e);
        }
    }

    private static String plain(JsonNode value) {
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            // 1e999999999 would be a gigabyte of zeros
            return Math.abs((long) number.scale()) > MAX_SCALE ? number.toString() : number.toPlainString();
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static String decimal(JsonNode value, int scale) {
        return value.isTextual() ? unscaled(value.textValue(), scale) : plain(value);
    }

    private static String variableDecimal(JsonNode value) {
        int scale = value.path("scale").asInt(Integer.MAX_VALUE);
        if (Math.abs((long) scale) > MAX_SCALE || !value.path("value").isTextual()) {
            throw new IllegalArgumentException("not a decimal");
        }
        return unscaled(value.path("value").textValue(), scale);
    }

    private static String unscaled(String base64, int scale) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("not a decimal");
        }
        return new BigDecimal(new BigInteger(bytes), scale).toPlainString();
    }

    private static long number(JsonNode value) {
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("not a whole number");
        }
        return value.longValue();
    }

    /** MySQL's times may be negative, and longer than a day: they stay numbers. */
    private static String time(long value, TimeUnit unit) {
        return value < 0 || value >= unit.convert(1, TimeUnit.DAYS)
                ? Long.toString(value)
                : DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(unit.toNanos(value)));
    }

    private static String timestamp(long value, long perSecond) {
        long nanos = Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond);
        LocalDateTime at = LocalDateTime.ofEpochSecond(Math.floorDiv(value, perSecond), (int) nanos, ZoneOffset.UTC);
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(at);
    }
}
