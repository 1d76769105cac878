package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.driver.Cubin;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaLibrary;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.ptx.PtxModule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Machine code of policies on a GPU, in modules beside the kernel's, which calls it by its address. The kernel's module is not linked anew,
 * so that task functions and their variables stay where they are, and little has to be loaded.
 *
 * <p>A function of another module runs with what the kernel was launched with. So it may use no more registers, and nothing that belongs to
 * a module: constants (all are in instructions) and shared memory; that its stack suffices the table's compiler sees to.
 */
final class GpuCode implements CodeLoader {
    /** Constants other than what a launch has, and shared memory. */
    private static final Pattern OF_MODULE = Pattern.compile("\\.nv\\.(constant[1-9]\\d*|shared)(\\..*)?");

    /** So many at most wait to be given back. */
    private static final int MOST_OPEN = 1024;

    private final CudaContext context;
    private final int registers;
    private final boolean eager;
    /** The newest last; the others are of no use any more. */
    private final Deque<CudaLibrary> open = new ArrayDeque<>();

    /**
     * Code for a kernel.
     *
     * @param registers of the kernel
     */
    GpuCode(CudaContext context, int registers) {
        this.context = context;
        this.registers = registers;
        this.eager = context.loadsEagerly();
    }

    @Override
    public Code compile(String name, String ptx) {
        LinkInput input = new LinkInput(LinkInput.Kind.PTX, name, ptx.getBytes(StandardCharsets.US_ASCII));
        byte[] image = context.link(List.of(input), registers);
        Optional<String> own = Cubin.sections(image).stream()
                .filter(section -> OF_MODULE.matcher(section).matches())
                .findFirst();
        if (own.isPresent()) {
            throw new IllegalArgumentException(
                    name + ": the driver's compiler put things into " + own.get() + ", where the kernel has its own");
        }
        return new Compiled(name, image);
    }

    @Override
    public void tidy() {
        while (open.size() > 1) {
            open.removeFirst().close();
        }
    }

    /** Code as the driver's linker gives it. */
    private final class Compiled implements Code {
        private final String name;
        private final byte[] image;
        /** Read, and not loaded. */
        private @Nullable CudaLibrary next;

        Compiled(String name, byte[] image) {
            this.name = name;
            this.image = image;
        }

        @Override
        public void getReady() {
            if (!eager) { // where all is loaded at once, reading would wait for the kernel
                library();
            }
        }

        private CudaLibrary library() {
            CudaLibrary library = next;
            if (library == null) {
                library = context.library(name, image);
                open.addLast(library);
                next = library;
            }
            return library;
        }

        @Override
        public long load() {
            // Unloading takes as long as all the rest, for which the kernel would be away.
            if (open.size() >= MOST_OPEN) {
                tidy();
            }
            CudaLibrary library = library();
            next = null;
            return library.global(PtxModule.TABLE).address();
        }
    }
}
