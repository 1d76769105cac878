/**
 * The reference pages under {@code docs/} that say what the code says: hooks, helpers and bytecode, written from the schema
 * of the interface and the table of opcodes.
 */
@NullMarked
package dev.gbpf.reference;

import org.jspecify.annotations.NullMarked;
