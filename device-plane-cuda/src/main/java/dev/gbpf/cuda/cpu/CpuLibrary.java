package dev.gbpf.cuda.cpu;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.build.NativeBuildException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The shared library of the CPU build, loaded once for the life of the process. */
final class CpuLibrary {
    private final SymbolLookup symbols;

    private CpuLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    private static final class Loaded {
        static final CpuLibrary LIBRARY = load();
    }

    /**
     * The library.
     *
     * @throws NativeBuildException when this build has none, or one of another interface
     */
    static CpuLibrary get() {
        return Loaded.LIBRARY;
    }

    private static CpuLibrary load() {
        return NativeImage.inFile("gbpf_device_cpu", NativeBuild.current().cpuLibrary(), file -> {
            // Libraries of task functions, which are loaded later, call it.
            DynamicLoader.open(file, true);
            CpuLibrary library = new CpuLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
            library.checkVersion();
            return library;
        });
    }

    private void checkVersion() {
        MethodHandle version = function("gbpf_device_abi_version", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        int found;
        try {
            found = (int) version.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("gbpf_device_abi_version failed", e);
        }
        int expected = AbiVersion.CURRENT.major() << 16 | AbiVersion.CURRENT.minor();
        if (found != expected) {
            throw new NativeBuildException("the device plane's code for the CPU is of interface " + (found >>> 16) + "."
                    + (found & 0xFFFF) + ", not " + AbiVersion.CURRENT + "; build gBPF anew (mvn clean package)");
        }
    }

    /** A function of the library. */
    MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
    }
}
