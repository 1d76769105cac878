package dev.gbpf.lang.sema;

import dev.gbpf.object.DataLayout;
import java.util.List;

/** How something is laid out in a map: a number, or a struct of such. */
public sealed interface DataType permits StorageType, StructType {

    /** Bytes, padding included. */
    int size();

    /** Offsets are multiples of this: 1, 2, 4 or 8. */
    int alignment();

    /** As it is written. */
    String keyword();

    /** As objects describe it. */
    DataLayout layout();

    /** The numbers that it is made of, in order of their offsets. */
    List<Slot> slots();
}
