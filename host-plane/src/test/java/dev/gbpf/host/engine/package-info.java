/** Tests of the choice of engines. */
@NullMarked
package dev.gbpf.host.engine;

import org.jspecify.annotations.NullMarked;
