/** Tests of the module as a whole. */
@NullMarked
package dev.gbpf.host;

import org.jspecify.annotations.NullMarked;
