package dev.gbpf.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** A shared library of the system, by its name, and its functions. It stays loaded. */
final class NativeLibrary {
    private final String name;
    private final SymbolLookup symbols;

    private NativeLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /** The library, when the system's loader finds it. */
    static Optional<NativeLibrary> find(String name) {
        try {
            return Optional.of(new NativeLibrary(name, SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A function of it.
     *
     * @throws CudaUnavailableException when it has none of that name
     */
    MethodHandle function(String function, FunctionDescriptor descriptor) {
        return symbols.find(function)
                .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
                .orElseThrow(() -> new CudaUnavailableException(
                        name + " has no function " + function,
                        "update the NVIDIA driver; gBPF needs one of CUDA 12.0 or later"));
    }
}
