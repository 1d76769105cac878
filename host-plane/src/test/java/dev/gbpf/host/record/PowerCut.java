package dev.gbpf.host.record;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The file layer of {@code power_cut.c}, which this process has preloaded. */
final class PowerCut {
    private final MethodHandle failAfter;
    private final MethodHandle cut;
    private final MethodHandle forget;

    PowerCut(Path library) {
        // Opening it again gives the one that is preloaded.
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Linker linker = Linker.nativeLinker();
        failAfter = linker.downcallHandle(
                symbols.findOrThrow("power_fail_after"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        forget = linker.downcallHandle(symbols.findOrThrow("power_forget"), FunctionDescriptor.ofVoid());
        cut = linker.downcallHandle(symbols.findOrThrow("power_cut"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    }

    /** The {@code n}-th operation on files from now on fails, and all after it. */
    void failAfter(long n) {
        call(failAfter, n);
    }

    /** Makes the files what a disk might hold, and switches the power on again. */
    void cut(long seed) {
        call(cut, seed);
    }

    /** Lets files alone from now on that were opened before. */
    void forget() {
        try {
            forget.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void call(MethodHandle function, long argument) {
        try {
            function.invokeExact(argument);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
