/** Jobs of the host plane as tasks of the device runtime. */
@NullMarked
package dev.gbpf.cuda.job;

import org.jspecify.annotations.NullMarked;
