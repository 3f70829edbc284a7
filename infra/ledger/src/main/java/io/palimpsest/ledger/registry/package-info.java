/** What the log says was live when. Entry class: {@link io.palimpsest.ledger.registry.LiveHistory}. */
@NullMarked
package io.palimpsest.ledger.registry;

import org.jspecify.annotations.NullMarked;
