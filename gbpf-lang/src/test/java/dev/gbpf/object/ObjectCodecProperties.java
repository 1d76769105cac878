package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

class ObjectCodecProperties {

    @Property(tries = 300)
    void read_ofWrittenObject_givesItBack(@ForAll("objects") PolicyObject object) {
        byte[] bytes = ObjectWriter.write(object);
        assertThat(ObjectReader.read(bytes)).isEqualTo(object);
    }

    /** Flipped bytes behind a right checksum: refused, or an object with exactly these bytes (unless a section was skipped). */
    @Property(tries = 1000)
    void read_ofMutatedObject_refusesOrGivesAnObjectWithTheseBytes(
            @ForAll("objects") PolicyObject object,
            @ForAll @Size(min = 1, max = 3) int[] positions,
            @ForAll byte change) {
        byte[] bytes = ObjectWriter.write(object);
        for (int position : positions) {
            bytes[Math.floorMod(position, bytes.length)] ^= change;
        }
        boolean read = readOrRefuse(ObjectBytes.sealed(bytes));
        Statistics.label("still an object").collect(read);
    }

    @Property(tries = 500)
    void read_ofCorruptedBytes_isRefused(
            @ForAll("objects") PolicyObject object, @ForAll int position, @ForAll byte change) {
        byte[] bytes = ObjectWriter.write(object);
        byte[] corrupted = bytes.clone();
        corrupted[Math.floorMod(position, bytes.length)] ^= change;
        assertThat(readOrRefuse(corrupted)).isEqualTo(Arrays.equals(bytes, corrupted));
    }

    @Property(tries = 300)
    void read_ofTruncatedObject_isRefused(@ForAll("objects") PolicyObject object, @ForAll int cut) {
        byte[] bytes = ObjectWriter.write(object);
        byte[] shorter = Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length));
        assertThat(readOrRefuse(shorter)).isFalse();
        if (shorter.length >= ObjectLayout.HEADER_LENGTH) {
            assertThat(readOrRefuse(ObjectBytes.sealed(shorter)))
                    .as("with length and checksum made right")
                    .isFalse();
        }
    }

    @Property(tries = 300)
    void read_ofAnyBytes_throwsOnlyObjectFormatException(@ForAll byte[] bytes) {
        assertThat(readOrRefuse(bytes)).isFalse();
    }

    @Property(tries = 200)
    void hash_ignoresSourceLinesAndOrderOfPrograms(@ForAll("objects") PolicyObject object) {
        PolicyObject stripped = new PolicyObject(
                object.name(),
                object.abi(),
                object.maps(),
                object.programs().reversed().stream()
                        .map(p -> new ProgramObject(p.hook(), p.program(), List.of()))
                        .toList(),
                null);
        assertThat(ObjectHash.of(stripped)).isEqualTo(ObjectHash.of(object));
    }

    /** Whether the bytes are an object; anything but an object with these bytes or a proper refusal fails. */
    private static boolean readOrRefuse(byte[] bytes) {
        try {
            PolicyObject object = ObjectReader.read(bytes);
            byte[] again = ObjectWriter.write(object);
            if (!ObjectBytes.hasUnknownSection(bytes)) {
                assertThat(again).isEqualTo(bytes);
            }
            assertThat(ObjectReader.read(again)).isEqualTo(object);
            return true;
        } catch (ObjectFormatException e) {
            assertThat(e.getMessage()).startsWith(e.code() + ": ").endsWith(e.remedy());
            assertThat(e.offset()).isBetween(0, bytes.length);
            return false;
        }
    }

    @Provide
    Arbitrary<PolicyObject> objects() {
        return PolicyObjectArbitraries.objects();
    }
}
