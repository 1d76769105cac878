/**
 * ELF objects that clang makes for the BPF target, read into policy objects. Every offset and size is checked before it is
 * used, and memory stays within a small multiple of the input's length; what is wrong comes as an {@link
 * dev.gbpf.object.elf.ElfFormatException} with a stable code.
 */
@NullMarked
package dev.gbpf.object.elf;

import org.jspecify.annotations.NullMarked;
