package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.Stream;

/** What a program finds in the world: mostly the numbers where its branches turn, and their neighbours. */
public final class RandomInputs implements MachineInputs {
    private final Random random;
    private final long[] turningPoints;

    /** Inputs for a program, whose constants say where its branches turn. */
    public RandomInputs(Program program, Random random) {
        this.random = random;
        this.turningPoints = program.instructions().stream()
                .flatMap(RandomInputs::constant)
                .flatMap(v -> Stream.of(v - 1, v, v + 1))
                .distinct()
                .mapToLong(v -> v)
                .toArray();
    }

    private static Stream<Long> constant(Instruction instruction) {
        return switch (instruction) {
            case Instruction.CondJump j when j.right() instanceof Immediate c -> Stream.of((long) c.value());
            case Instruction.Mov m when m.src() instanceof Immediate c -> Stream.of((long) c.value());
            case Instruction.LoadImm64 l -> Stream.of(l.value());
            default -> Stream.of(0L);
        };
    }

    @Override
    public boolean hasEntry() {
        return random.nextInt(3) != 0;
    }

    @Override
    public int element(int key, int elements) {
        // Not element 0, so that the base tells these pointers from direct ones.
        return elements == 1 ? 0 : 1 + random.nextInt(elements - 1);
    }

    private long number() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt();
            case 2 -> random.nextInt(64);
            case 3 -> random.nextLong() & 0x8000_0001_8000_0001L;
            default -> turningPoints[random.nextInt(turningPoints.length)];
        };
    }

    @Override
    public byte[] context(ContextLayout layout) {
        byte[] content = new byte[layout.size()];
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (ContextField field : layout.fields()) {
            long value = number();
            if (field.width() == Width.W) {
                value &= 0xFFFF_FFFFL;
            }
            if (Long.compareUnsigned(value, field.min()) < 0) {
                value = field.min();
            }
            if (Long.compareUnsigned(value, field.max()) > 0) {
                value = field.max();
            }
            if (field.width() == Width.W) {
                buffer.putInt(field.offset(), (int) value);
            } else {
                buffer.putLong(field.offset(), value);
            }
        }
        return content;
    }

    @Override
    public byte[] memory(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 8 <= size; i += 8) {
            if (random.nextBoolean()) {
                buffer.putLong(i, number());
            } else {
                buffer.putInt(i, (int) number());
            }
        }
        return content;
    }

    @Override
    public long result(Helper helper) {
        long number = number();
        return switch (random.nextInt(4)) {
            case 0 -> helper.returnMin();
            case 1 -> helper.returnMax();
            case 2 -> helper.returnMin() <= number && number <= helper.returnMax() ? number : helper.returnMin();
            default -> {
                long span = helper.returnMax() - helper.returnMin();
                yield span <= 0 ? helper.returnMin() : helper.returnMin() + Math.floorMod(random.nextLong(), span);
            }
        };
    }
}
