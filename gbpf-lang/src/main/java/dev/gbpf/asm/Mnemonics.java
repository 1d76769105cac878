package dev.gbpf.asm;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of the mnemonic style, as the public conformance suite writes them; the one table of its parser and printer.
 * Operations of 32 bits end in 32, those of 64 bits in nothing (or in 64, when read).
 */
final class Mnemonics {
    /** What a word says. */
    sealed interface Form {}

    /** {@code add r1, r2}. */
    record Arithmetic(AluOp op, boolean is64) implements Form {}

    /** {@code mov r1, r2}, {@code movsx864 r1, r2}. */
    record Move(int signBits, boolean is64) implements Form {}

    /** {@code neg r1}. */
    record Negation(boolean is64) implements Form {}

    /** {@code be16 r1}. */
    record Swap(ByteSwapKind kind, int bits) implements Form {}

    /** {@code jeq r1, r2, +3}. */
    record Condition(JumpOp op, boolean is64) implements Form {}

    /** {@code ja +3}. */
    record Always(boolean isLong) implements Form {}

    /** {@code ldxw r1, [r2+4]}. */
    record MemoryLoad(Width width, boolean signExtend) implements Form {}

    /** {@code stw [r1+4], 5} of an immediate, or {@code stxw [r1+4], r2} of a register. */
    record MemoryStore(Width width, boolean ofRegister) implements Form {}

    /** {@code lddw r1, 5}. */
    record WideLoad() implements Form {}

    private static final Map<String, Form> FORMS = build();
    private static final Map<String, Atomicity> ATOMICS = buildAtomics();

    /** An atomic operation, the word after {@code lock}. */
    record Atomicity(AtomicOp op, boolean is64) {}

    private Mnemonics() {}

    /** What a word says, or null when it is no mnemonic. */
    static @Nullable Form form(String word) {
        return FORMS.get(word);
    }

    /** The operation after {@code lock}, or null. */
    static @Nullable Atomicity atomic(String word) {
        return ATOMICS.get(word);
    }

    /** All words, for advice. */
    static Set<String> words() {
        return FORMS.keySet();
    }

    /** All words after {@code lock}, for advice. */
    static Set<String> atomicWords() {
        return ATOMICS.keySet();
    }

    static String word(AluOp op, boolean is64) {
        return lower(op) + width(is64);
    }

    static String word(JumpOp op, boolean is64) {
        return "j" + lower(op) + width(is64);
    }

    static String word(AtomicOp op, boolean is64) {
        return lower(op) + width(is64);
    }

    static String move(int signBits, boolean is64) {
        return signBits == 0 ? "mov" + width(is64) : "movsx" + signBits + (is64 ? "64" : "32");
    }

    static String swap(ByteSwapKind kind, int bits) {
        return lower(kind) + bits;
    }

    static String load(Width width, boolean signExtend) {
        return (signExtend ? "ldxs" : "ldx") + lower(width);
    }

    static String store(Width width, boolean ofRegister) {
        return (ofRegister ? "stx" : "st") + lower(width);
    }

    static String width(boolean is64) {
        return is64 ? "" : "32";
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Form> build() {
        Map<String, Form> forms = new HashMap<>();
        for (boolean is64 : new boolean[] {false, true}) {
            for (AluOp op : AluOp.values()) {
                bothWidths(forms, word(op, is64), is64, new Arithmetic(op, is64));
            }
            bothWidths(forms, "neg" + width(is64), is64, new Negation(is64));
            bothWidths(forms, move(0, is64), is64, new Move(0, is64));
            for (int bits = 8; bits <= (is64 ? 32 : 16); bits *= 2) {
                forms.put(move(bits, is64), new Move(bits, is64));
            }
            for (JumpOp op : JumpOp.values()) {
                forms.put(word(op, is64), new Condition(op, is64));
            }
        }
        for (int bits = 16; bits <= 64; bits *= 2) {
            for (ByteSwapKind kind : ByteSwapKind.values()) {
                forms.put(swap(kind, bits), new Swap(kind, bits));
            }
            forms.put("bswap" + bits, new Swap(ByteSwapKind.SWAP, bits));
        }
        for (Width width : Width.values()) {
            forms.put(load(width, false), new MemoryLoad(width, false));
            if (width != Width.DW) {
                forms.put(load(width, true), new MemoryLoad(width, true));
            }
            forms.put(store(width, false), new MemoryStore(width, false));
            forms.put(store(width, true), new MemoryStore(width, true));
        }
        forms.put("ja", new Always(false));
        forms.put("ja32", new Always(true));
        forms.put("lddw", new WideLoad());
        return Map.copyOf(forms);
    }

    private static <T> void bothWidths(Map<String, ? super T> forms, String word, boolean is64, T form) {
        forms.put(word, form);
        if (is64) {
            forms.put(word + "64", form);
        }
    }

    private static Map<String, Atomicity> buildAtomics() {
        Map<String, Atomicity> atomics = new HashMap<>();
        for (AtomicOp op : AtomicOp.values()) {
            bothWidths(atomics, word(op, true), true, new Atomicity(op, true));
            atomics.put(word(op, false), new Atomicity(op, false));
        }
        return Map.copyOf(atomics);
    }
}
