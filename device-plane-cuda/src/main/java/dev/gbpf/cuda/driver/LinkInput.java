package dev.gbpf.cuda.driver;

/**
 * Something that the driver's linker takes.
 *
 * @param kind what {@code image} is
 * @param name for messages
 * @param image its bytes; the array is not copied
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that nobody compares
public record LinkInput(Kind kind, String name, byte[] image) {
    /** Kinds of inputs, in the order of the driver's numbers. */
    public enum Kind {
        CUBIN,
        /** PTX text. */
        PTX,
        FAT_BINARY,
        /** A host object with device code in it. */
        OBJECT,
        /** An archive of such objects. */
        LIBRARY
    }
}
