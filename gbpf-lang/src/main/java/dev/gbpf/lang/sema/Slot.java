package dev.gbpf.lang.sema;

/**
 * The place of a number in a map's value.
 *
 * @param offset bytes from the start of the value, a multiple of the number's size
 * @param type how it is stored
 */
public record Slot(int offset, StorageType type) {
    Slot shifted(int bytes) {
        return new Slot(offset + bytes, type);
    }
}
