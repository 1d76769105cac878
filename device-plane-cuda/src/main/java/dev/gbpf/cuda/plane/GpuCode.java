package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.driver.Cubin;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.ptx.PtxModule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
    private static final int MOST_LOADED = 1024;

    /** Calls after which the virtual machine has compiled what it calls. */
    static final int REHEARSALS = 300;

    private final CudaContext context;
    private final int registers;
    /** The newest last; the others are of no use any more. */
    private final Deque<CudaModule> loaded = new ArrayDeque<>();

    /**
     * Code for a kernel.
     *
     * @param registers of the kernel
     */
    GpuCode(CudaContext context, int registers) {
        this.context = context;
        this.registers = registers;
    }

    @Override
    public byte[] compile(String name, String ptx) {
        LinkInput input = new LinkInput(LinkInput.Kind.PTX, name, ptx.getBytes(StandardCharsets.US_ASCII));
        byte[] image = context.link(List.of(input), registers);
        Optional<String> own = Cubin.sections(image).stream()
                .filter(section -> OF_MODULE.matcher(section).matches())
                .findFirst();
        if (own.isPresent()) {
            throw new IllegalArgumentException(
                    name + ": the driver's compiler put things into " + own.get() + ", where the kernel has its own");
        }
        return image;
    }

    @Override
    public long load(String name, byte[] image) {
        // Unloading takes as long as all the rest, for which the kernel would be away.
        if (loaded.size() == MOST_LOADED) {
            tidy();
        }
        CudaModule module = context.module(name, image);
        loaded.addLast(module);
        return module.global(PtxModule.TABLE).address();
    }

    @Override
    public void tidy() {
        while (loaded.size() > 1) {
            loaded.removeFirst().close();
        }
    }

    /**
     * Does all of it for nothing, so that the driver does not do it for the first time when a kernel is away for it, and the virtual machine has
     * compiled it. What goes wrong is told when there is a policy.
     */
    void rehearse() {
        try {
            byte[] image = compile("a rehearsal", new PtxModule().skip().text());
            for (int i = 0; i < REHEARSALS; i++) {
                load("a rehearsal", image);
            }
            tidy();
        } catch (CudaException | IllegalArgumentException e) {
            loaded.forEach(CudaModule::close);
            loaded.clear();
        }
    }
}
