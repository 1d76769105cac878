/** Tests of modules and of the standard library. */
@NullMarked
package dev.gbpf.lang.module;

import org.jspecify.annotations.NullMarked;
