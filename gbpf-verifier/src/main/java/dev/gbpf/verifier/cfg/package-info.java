/** Control flow: functions, basic blocks with calls expanded per call site, loops, dominators and the order of iteration. */
@NullMarked
package dev.gbpf.verifier.cfg;

import org.jspecify.annotations.NullMarked;
