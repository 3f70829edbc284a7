package io.palimpsest.standalone;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a user may do at a broker, given and taken away.
 *
 * @param brokers {@code host:port} where nobody has to log in
 */
record KafkaRights(String brokers, String user) {

    /** The permissions of infra/docs/guide.md, without those of bridges. */
    void permitWhatTheGuideLists() throws Exception {
        for (String topics : List.of("corpus.", "ledger.", "retrieval.", "feedback.", "drift.", "palimpsest-")) {
            permit(ResourceType.TOPIC, topics);
        }
        for (String groups : List.of("palimpsest-", "index-", "retrain-", "ledger", "registry")) {
            permit(ResourceType.GROUP, groups);
        }
        for (String ids : List.of("palimpsest-", "index-")) {
            permit(ResourceType.TRANSACTIONAL_ID, ids);
        }
        permitDescribeCluster();
    }

    void permitDescribeCluster() throws Exception {
        permit(new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL), AclOperation.DESCRIBE);
    }

    /** Everything under a prefix. */
    void permit(ResourceType type, String prefix) throws Exception {
        permit(new ResourcePattern(type, prefix, PatternType.PREFIXED), AclOperation.ALL);
    }

    void forbid(ResourceType type, String prefix) throws Exception {
        forbid(new ResourcePatternFilter(type, prefix, PatternType.PREFIXED));
    }

    void forbidAll() throws Exception {
        forbid(ResourcePatternFilter.ANY);
    }

    private void permit(ResourcePattern pattern, AclOperation operation) throws Exception {
        AccessControlEntry entry = new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW);
        try (Admin admin = admin()) {
            admin.createAcls(List.of(new AclBinding(pattern, entry))).all().get();
        }
    }

    private void forbid(ResourcePatternFilter pattern) throws Exception {
        AccessControlEntryFilter entries =
                new AccessControlEntryFilter("User:" + user, null, AclOperation.ANY, AclPermissionType.ANY);
        try (Admin admin = admin()) {
            admin.deleteAcls(List.of(new AclBindingFilter(pattern, entries)))
                    .all()
                    .get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers));
    }
}
