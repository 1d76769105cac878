/** Tests of the passes of code generation, one by one. */
@org.jspecify.annotations.NullMarked
package dev.gbpf.lang.codegen;
