/**
 * Kafka clients as we use them, and the creation of the catalogue's topics. Entry class: {@link io.palimpsest.platform.kafka.KafkaClients}.
 */
@NullMarked
package io.palimpsest.platform.kafka;

import org.jspecify.annotations.NullMarked;
