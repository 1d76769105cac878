package dev.gbpf.lang.sema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.object.DataLayout;
import dev.gbpf.object.ValueText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The layout of structs is that of C: each field as early as its alignment allows, in the order of declaration. */
class StructTypeProperties {
    private static StructType random(Random random, int depth) {
        List<StructType.Member> members = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            DataType type = depth > 0 && random.nextInt(3) == 0
                    ? random(random, depth - 1)
                    : StorageType.values()[random.nextInt(StorageType.values().length)];
            members.add(new StructType.Member("f" + i, type));
        }
        return StructType.of("S" + depth, members);
    }

    @Property(tries = 300)
    void field_any_liesAtTheFirstAlignedPlaceAfterTheOneBefore(
            @ForAll Random random, @ForAll @IntRange(max = 3) int depth) {
        StructType struct = random(random, depth);
        int end = 0;
        int alignment = 1;
        for (StructType.Field field : struct.fields()) {
            int own = field.type().alignment();
            assertThat(field.offset() % own).isZero();
            assertThat(field.offset() - end).isBetween(0, own - 1);
            end = field.offset() + field.type().size();
            alignment = Math.max(alignment, own);
        }
        assertThat(struct.alignment()).isEqualTo(alignment);
        assertThat(struct.size() % alignment).isZero();
        assertThat(struct.size() - end).isBetween(0, alignment - 1);
    }

    @Property(tries = 200)
    void slots_andTheLayoutInObjects_nameTheSameBytes(@ForAll Random random, @ForAll @IntRange(max = 3) int depth) {
        StructType struct = random(random, depth);
        List<Slot> slots = struct.slots();
        assertThat(Part.whole(struct).numbers().stream().map(Part.Named::slot)).isEqualTo(slots);
        for (int i = 1; i < slots.size(); i++) {
            Slot before = slots.get(i - 1);
            assertThat(slots.get(i).offset())
                    .isGreaterThanOrEqualTo(before.offset() + before.type().size());
        }
        DataLayout layout = struct.layout();
        assertThat(layout.size()).isEqualTo(struct.size());
        // A one in the lowest byte of each number shows in the text as many times as there are numbers.
        byte[] bytes = new byte[struct.size()];
        slots.forEach(s -> bytes[s.offset()] = 1);
        assertThat(ValueText.of(layout, bytes).split(": 1\\b", -1)).hasSize(slots.size() + 1);
    }
}
