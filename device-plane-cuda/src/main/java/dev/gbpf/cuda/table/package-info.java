/** The policy table: how a verified policy comes to decide inside the control kernel, and what becomes of it there. */
@NullMarked
package dev.gbpf.cuda.table;

import org.jspecify.annotations.NullMarked;
