package io.palimpsest.retrain.drift.policy;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When nobody is to be woken: an alarm waits for the end, and comes only if it still holds then.
 *
 * @param from inclusive; before or after {@code to}; the same: never quiet
 * @param to exclusive
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
    public boolean at(Instant moment) {
        LocalTime time = moment.atZone(zone).toLocalTime();
        boolean afterFrom = !time.isBefore(from);
        boolean beforeTo = time.isBefore(to);
        return from.isBefore(to) ? afterFrom && beforeTo : !from.equals(to) && (afterFrom || beforeTo);
    }
}
