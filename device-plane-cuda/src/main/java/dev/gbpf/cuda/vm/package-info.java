/** The device's interpreter: its micro-operations, how programs become them, and the machine code that runs them on a GPU. */
@NullMarked
package dev.gbpf.cuda.vm;

import org.jspecify.annotations.NullMarked;
