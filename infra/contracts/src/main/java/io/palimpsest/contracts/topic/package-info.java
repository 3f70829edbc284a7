/**
 * The catalogue of Kafka topics: a topic is a value (name, serdes, partitions, retention, cleanup). Entry class: {@link io.palimpsest.contracts.topic.Topics}.
 */
@NullMarked
package io.palimpsest.contracts.topic;

import org.jspecify.annotations.NullMarked;
