/**
 * CUDA's driver: what gBPF needs of it, as resources that close themselves and errors that say what to do. The only package that
 * knows JCuda, and one of the few that call native code by themselves, for what JCuda lacks or does wrong.
 */
@NullMarked
package dev.gbpf.cuda.driver;

import org.jspecify.annotations.NullMarked;
