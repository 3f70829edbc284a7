package io.palimpsest.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A setting of a share or streams group that the brokers keep: the group's members have no say in it.
 *
 * @param value what it is set to where the present one does not do
 * @param suffices whether a present value does
 */
public record GroupSetting(String key, String value, Predicate<String> suffices) {
    public static GroupSetting exactly(String key, String value) {
        return new GroupSetting(key, value, value::equals);
    }

    public static GroupSetting atMost(String key, int value) {
        return new GroupSetting(key, Integer.toString(value), present -> Integer.parseInt(present) <= value);
    }

    public static GroupSetting atLeast(String key, int value) {
        return new GroupSetting(key, Integer.toString(value), present -> Integer.parseInt(present) >= value);
    }

    /**
     * Sets all of them where one does not do. Where they do, nothing is altered, so that a user who may not alter them can
     * work all the same. Brokers know of it a little later than this returns, see {@link #hold}.
     *
     * @throws ExecutionException as the requests end, the admin client's time limit included
     */
    public static void ensure(Admin admin, String groupId, List<GroupSetting> settings)
            throws ExecutionException, InterruptedException {
        if (hold(admin, groupId, settings)) {
            return;
        }
        List<AlterConfigOp> set = settings.stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.key(), one.value()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(resource(groupId), set)).all().get();
    }

    /** Whether the broker that is asked has them. */
    public static boolean hold(Admin admin, String groupId, List<GroupSetting> settings)
            throws ExecutionException, InterruptedException {
        ConfigResource group = resource(groupId);
        Config present = admin.describeConfigs(List.of(group)).all().get().get(group);
        return present != null
                && settings.stream().allMatch(setting -> {
                    ConfigEntry entry = present.get(setting.key());
                    return entry != null
                            && entry.value() != null
                            && setting.suffices().test(entry.value());
                });
    }

    private static ConfigResource resource(String groupId) {
        return new ConfigResource(ConfigResource.Type.GROUP, groupId);
    }
}
