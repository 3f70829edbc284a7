/** The command line: clients of the HTTP API that print for people. Must not reach into the services. */
@NullMarked
package io.palimpsest.standalone.cli;

import org.jspecify.annotations.NullMarked;
