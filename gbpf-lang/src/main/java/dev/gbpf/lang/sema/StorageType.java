package dev.gbpf.lang.sema;

import dev.gbpf.isa.Width;
import dev.gbpf.object.DataLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Integers as maps hold them: extended to 64 bits when they are read, cut when they are written. */
public enum StorageType implements DataType {
    U8(Width.B, false),
    U16(Width.H, false),
    U32(Width.W, false),
    U64(Width.DW, false),
    I8(Width.B, true),
    I16(Width.H, true),
    I32(Width.W, true),
    I64(Width.DW, true);

    private final Width width;
    private final boolean signed;

    StorageType(Width width, boolean signed) {
        this.width = width;
        this.signed = signed;
    }

    public Width width() {
        return width;
    }

    public boolean signed() {
        return signed;
    }

    @Override
    public int size() {
        return width.bytes();
    }

    @Override
    public int alignment() {
        return width.bytes();
    }

    @Override
    public List<Slot> slots() {
        return List.of(new Slot(0, this));
    }

    @Override
    public DataLayout layout() {
        return new DataLayout.Scalar(size(), signed);
    }

    /** The type of an expression that reads it. */
    public Type type() {
        return signed ? Type.I64 : Type.U64;
    }

    @Override
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a value of type {@link #type} survives a write and a read. */
    boolean holds(long value) {
        int unused = Long.SIZE - width.bits();
        long back = signed ? value << unused >> unused : value << unused >>> unused;
        return back == value;
    }

    static Optional<StorageType> byKeyword(String keyword) {
        return Arrays.stream(values()).filter(t -> t.keyword().equals(keyword)).findFirst();
    }

    static List<String> keywords() {
        return Arrays.stream(values()).map(StorageType::keyword).toList();
    }
}
